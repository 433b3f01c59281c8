#include "core/folder_walk.h"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::audio_rank;
using musicrep::FolderWalk;
using musicrep::TempFolder;
using musicrep::walk_folder;
using Texts = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

Texts names(const FolderWalk& walk, const fs::path& folder) {
  Texts out;
  for (const fs::path& file : walk.files) {
    out.push_back(file.lexically_relative(folder).string());
  }
  return out;
}

}  // namespace

TEST_CASE("folder walk: files in the order of their paths, in this folder alone or all below") {
  const TempFolder folder;
  folder.write("b/two.wav", "x");
  folder.write("a/deep/three.FLAC", "x");
  folder.write("one.wav", "x");
  CHECK(names(walk_folder(folder.path()), folder.path()) ==
        Texts{"a/deep/three.FLAC", "b/two.wav", "one.wav"});
  CHECK(names(walk_folder(folder.path(), musicrep::WalkDepth::kFolderAlone), folder.path()) ==
        Texts{"one.wav"});
}

TEST_CASE("folder walk: links to folders and files are followed, each folder once") {
  const TempFolder folder;
  folder.write("store/rock/b.wav", "x");
  folder.write("music/real/a.wav", "x");
  const fs::path music = folder.path() / "music";
  fs::create_symlink("../store/rock", music / "rock");
  fs::create_symlink("../store/rock", music / "rock_again");
  fs::create_symlink("../../store/rock/b.wav", music / "real/d.wav");
  fs::create_symlink("/nowhere/gone.wav", music / "real/e.wav");
  fs::create_symlink("..", music / "real/loop");
  fs::create_symlink("self.wav", music / "self.wav");
  const FolderWalk walk = walk_folder(music);
  CHECK(names(walk, music) == Texts{"real/a.wav", "real/d.wav", "rock/b.wav"});
  REQUIRE(walk.broken_links.size() == 2);
  const std::string broken = walk.broken_links[0] + walk.broken_links[1];
  CHECK_THAT(broken,
             Contains("real/e.wav' is a link to '/nowhere/gone.wav', which does not exist"));
  CHECK_THAT(broken, Contains("self.wav' is a link to 'self.wav'"));
  REQUIRE(walk.repeated.size() == 2);
  CHECK_THAT(walk.repeated[0] + walk.repeated[1],
             Contains("real/loop' is the folder '" + music.string() + "' again") &&
                 Contains("rock_again' is the folder"));
  CHECK(walk.unreadable.empty());
}

TEST_CASE("folder walk: what systems and players leave beside audio is passed over, and counted") {
  const TempFolder folder;
  const Texts junk = {".DS_Store", "._one.wav",   "Thumbs.db", "desktop.ini", "cover.JPG",
                      "list.m3u",  "booklet.pdf", "rip.log",   "disc.cue",    "info.nfo"};
  for (const std::string& name : junk) folder.write(name, "x");
  folder.write("@eaDir/one.wav", "x");
  folder.write(".git/x.wav", "x");
  folder.write("System Volume Information/x.wav", "x");
  folder.write("one.wav", "x");
  folder.write("strange.xyz", "x");  // not known: whoever reads it says what it is
  const FolderWalk walk = walk_folder(folder.path());
  CHECK(names(walk, folder.path()) == Texts{"one.wav", "strange.xyz"});
  CHECK(walk.passed_over.size() == junk.size() + 3);
  CHECK(musicrep::passed_over_text(walk.passed_over).starts_with("skipped 13 that hold no "));
  CHECK(musicrep::passed_over_text({"a.txt"}) == "skipped 1 that holds no audio: a.txt");
  CHECK(musicrep::passed_over_text({}).empty());
}

TEST_CASE("folder walk: folders that are not there or cannot be read are named") {
  const TempFolder folder;
  CHECK_THAT(walk_folder(folder.path() / "none").unreadable.at(0),
             Contains("cannot read '") && Contains("none': No such file"));
  folder.write("shut/a.wav", "x");
  folder.write("open/b.wav", "x");
  fs::permissions(folder.path() / "shut", fs::perms::none);
  const FolderWalk walk = walk_folder(folder.path());
  fs::permissions(folder.path() / "shut", fs::perms::owner_all);
  if (::geteuid() == 0) return;  // root reads everything
  CHECK(names(walk, folder.path()) == Texts{"open/b.wav"});
  CHECK_THAT(walk.unreadable.at(0), Contains("shut': Permission denied"));
}

TEST_CASE("folder walk: which file of one name is taken") {
  CHECK(*audio_rank("a.wav") < *audio_rank("a.WAV"));
  CHECK(*audio_rank("a.WAV") < *audio_rank("a.flac"));
  CHECK(*audio_rank("a.mp3") < *audio_rank("a.m4a"));
  CHECK_FALSE(audio_rank("a.txt"));
  CHECK_FALSE(audio_rank("wav"));
}

TEST_CASE("folder walk: a folder by its name, in whatever case") {
  const TempFolder folder;
  folder.write("Genres/x", "x");
  CHECK(musicrep::find_folder(folder.path(), "genres").filename() == "Genres");
  folder.write("genres/x", "x");
  CHECK(musicrep::find_folder(folder.path(), "genres").filename() == "genres");
  CHECK(musicrep::find_folder(folder.path(), "other").empty());
}
