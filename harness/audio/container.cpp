#include "audio/container.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "audio/declared_sizes.h"
#include "audio/flac_frames.h"
#include "audio/ogg_pages.h"
#include "audio/tags.h"

namespace musicrep {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t at;
  std::string_view bytes;
  const char* name;
};

/// Containers of chunks, whose sizes are compared with the file; some have a form that identifies
/// them.
constexpr Magic kChunks[] = {
    {8, "WAVE", "wav"}, {8, "AIFF", "aiff"}, {8, "AIFC", "aiff"}, {8, "8SVX", "svx"},
    {8, "16SV", "svx"}, {0, ".snd", "au"},   {0, "caff", "caf"},
};
constexpr std::string_view kW64 = "riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00"sv;

/// Others that libsndfile reads: plain headers with samples up to the end of the file.
constexpr Magic kOfSndfile[] = {
    {0, "NIST_1A", "nist"},
    {0, "2BIT", "avr"},
    {0, " paf", "paf"},
    {0, "fap ", "paf"},
    {0, "PVF1\n", "pvf"},
    {0, "\x64\xA3\x01\x00"sv, "ircam"},
    {0, "\x64\xA3\x02\x00"sv, "ircam"},
    {0, "\x64\xA3\x03\x00"sv, "ircam"},
    {0, "\x00\x01\xA3\x64"sv, "ircam"},
    {0, "\x00\x02\xA3\x64"sv, "ircam"},
    {0, "\x00\x03\xA3\x64"sv, "ircam"},
};

constexpr Magic kOfFfmpeg[] = {
    {4, "ftyp", "MPEG-4 (m4a, mp4, mov)"},
    {4, "moov", "QuickTime (mov)"},
    {4, "mdat", "QuickTime (mov)"},
    {4, "wide", "QuickTime (mov)"},
    {4, "free", "QuickTime (mov)"},
    {4, "skip", "QuickTime (mov)"},
    {0, "\x1A\x45\xDF\xA3"sv, "Matroska (webm, mka)"},
    {0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, "ASF (wma)"},
    {0, "\x0B\x77"sv, "AC-3"},
    {0, "\x77\x0B"sv, "AC-3"},
    {0, "\x7F\xFE\x80\x01"sv, "DTS"},
    {0, "\xFE\x7F\x01\x80"sv, "DTS"},
    {0, "wvpk", "WavPack"},
    {0, "MAC ", "Monkey's Audio (ape)"},
    {0, "TTA1", "TTA"},
    {0, "TTA2", "TTA"},
    {0, "MP+", "Musepack"},
    {0, "MPCK", "Musepack"},
    {0, "tBaK", "TAK"},
    {0, "DSD ", "DSD (dsf)"},
    {0, "FRM8", "DSD (dff)"},
    {0, "Creative Voice File\x1A", "Creative voice (voc)"},
    {0, "FLV\x01", "Flash video"},
    {0, ".RMF", "RealMedia"},
    {0, "#!AMR", "AMR"},
    {0, "ADIF", "AAC (ADIF)"},
    {8, "AVI ", "AVI"},
    {0, "\x00\x00\x01\xBA"sv, "MPEG programme stream"},
};

template <std::size_t N>
const char* name_of(AudioBytes& bytes, std::uint64_t begin, const Magic (&magics)[N]) {
  const auto at = std::ranges::find_if(
      magics, [&](const Magic& magic) { return bytes.has(begin + magic.at, magic.bytes); });
  return at == std::end(magics) ? nullptr : at->name;
}

const char* chunk_file(AudioBytes& bytes, std::uint64_t begin) {
  if (bytes.has(begin, kW64)) return "w64";
  const std::string_view head = bytes.view(begin, 4);
  if (head != "RIFF" && head != "RIFX" && head != "RF64" && head != "FORM" && head != ".snd" &&
      head != "caff") {
    return nullptr;
  }
  return name_of(bytes, begin, kChunks);
}

/// AAC in ADTS, recognised by two frames that follow each other (ISO 13818-7, 6.2), or in LOAS.
const char* aac(AudioBytes& bytes, std::uint64_t begin) {
  const auto size = [&](std::uint64_t at, unsigned mask, unsigned sync) -> std::uint64_t {
    const std::string_view b = bytes.view(at, 7);
    if (b.size() < 7 || (big_endian(b, 2) & mask) != sync) return 0;
    return mask == 0xFFF6 ? big_endian(b.substr(3), 3) >> 5 & 0x1FFFU
                          : (big_endian(b.substr(1), 2) & 0x1FFFU) + 3;
  };
  const std::uint64_t adts = size(begin, 0xFFF6, 0xFFF0);
  if (adts >= 7 && size(begin + adts, 0xFFF6, 0xFFF0) >= 7) return "AAC (ADTS)";
  const std::uint64_t loas = size(begin, 0xFFE0, 0x56E0);
  if (loas > 3 && size(begin + loas, 0xFFE0, 0x56E0) > 3) return "AAC (LOAS)";
  return nullptr;
}

bool is_transport_stream(AudioBytes& bytes, std::uint64_t begin) {
  constexpr std::uint64_t kPacket = 188;
  for (std::uint64_t i = 0; i < 4; ++i) {
    if (!bytes.has(begin + i * kPacket, "G")) return false;
  }
  return true;
}

const char* of_ffmpeg(AudioBytes& bytes, std::uint64_t begin) {
  if (const char* name = name_of(bytes, begin, kOfFfmpeg)) return name;
  if (const char* name = aac(bytes, begin)) return name;
  if (is_transport_stream(bytes, begin)) return "MPEG transport stream";
  return has_ffmpeg_ending(bytes.path()) ? "audio of an unknown kind" : nullptr;
}

/// A container of a known kind at one of these places, which are behind the first or in it.
void refuse_second(AudioBytes& bytes, std::initializer_list<std::uint64_t> places) {
  for (const std::uint64_t at : places) {
    if (chunk_file(bytes, at) == nullptr && !bytes.has(at, "fLaC") && !bytes.has(at, "OggS")) {
      continue;
    }
    bytes.fail(
        fmt::format("a second file begins at byte {} of it, expected one; cut it there", at));
  }
}

bool use_mpeg(AudioBytes& bytes, ByteRange range, Container& out) {
  std::optional<MpegFile> mpeg = scan_mpeg(bytes, range);
  if (!mpeg) return false;
  out.by = DecodedBy::kMpg123;
  out.samples = mpeg->samples();
  out.mpeg = *std::move(mpeg);
  return true;
}

}  // namespace

Container find_container(AudioBytes& bytes) {
  Container out;
  const std::uint64_t begin = behind_tags(bytes, 0);
  out.range = {begin, bytes.size()};
  if (const char* chunks = chunk_file(bytes, begin)) {
    out.name = chunks;
    ChunkFile file = check_chunks(bytes, begin);
    out.patches = std::move(file.patches);
    out.is_coded = file.is_coded;
    if (!file.prefix.empty()) {
      out.prefix = std::move(file.prefix);
      out.range.begin = file.samples_chunk;
    }
    // Some programs write their header again where they cannot go back to it.
    refuse_second(bytes, {file.samples.begin, file.end, file.end + 1});
    if (file.is_mpeg) use_mpeg(bytes, file.samples, out);
  } else if (bytes.has(begin, "fLaC")) {
    out.name = "flac";
    out.range.end = before_tags(bytes, begin, bytes.size());
    out.samples = flac_samples(bytes, out.range);
  } else if (bytes.has(begin, "OggS")) {
    out.name = "ogg";
    out.is_coded = true;
    refuse_second(bytes, {check_ogg_pages(bytes, begin)});
  } else if (const char* name = name_of(bytes, begin, kOfSndfile)) {
    out.name = name;
    if (out.name == "nist") check_nist(bytes, begin);
    if (out.name == "avr") check_avr(bytes, begin);
  } else if (const char* other = name_of(bytes, begin, kOfFfmpeg)) {
    out.by = DecodedBy::kFfmpeg;
    out.name = other;
    if (out.name == "AVI") check_avi(bytes, begin);
  } else if (use_mpeg(bytes, {0, bytes.size()}, out)) {
    out.name = "MPEG audio";
  } else if (const char* last = of_ffmpeg(bytes, begin)) {
    out.by = DecodedBy::kFfmpeg;
    out.name = last;
  } else {
    bytes.fail(fmt::format("not audio that can be read, {}", kExpectedAudio));
  }
  return out;
}

const std::vector<std::string_view>& native_audio_endings() {
  static const std::vector<std::string_view> endings = {
      ".wav",  ".flac", ".ogg",  ".mp3", ".wave", ".bwf",  ".rf64", ".aiff", ".aif",  ".aifc",
      ".caf",  ".w64",  ".au",   ".snd", ".oga",  ".opus", ".mp2",  ".mp1",  ".mpga", ".sph",
      ".nist", ".svx",  ".8svx", ".iff", ".avr",  ".paf",  ".fap",  ".pvf",  ".sf",   ".ircam"};
  return endings;
}

const std::vector<std::string_view>& ffmpeg_audio_endings() {
  static const std::vector<std::string_view> endings = {
      ".m4a",  ".mp4",  ".m4b", ".mov", ".3gp",  ".aac", ".adts", ".wma", ".asf", ".wmv", ".ac3",
      ".eac3", ".webm", ".mka", ".mkv", ".weba", ".wv",  ".ape",  ".tta", ".mpc", ".tak", ".dsf",
      ".dff",  ".dts",  ".amr", ".flv", ".ra",   ".rm",  ".avi",  ".mpg", ".spx"};
  return endings;
}

namespace {

bool is_one_of(const std::filesystem::path& path, const std::vector<std::string_view>& endings) {
  std::string ending = path.extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::ranges::find(endings, ending) != endings.end();
}

}  // namespace

bool has_audio_ending(const std::filesystem::path& path) {
  return is_one_of(path, native_audio_endings()) || has_ffmpeg_ending(path);
}

bool has_ffmpeg_ending(const std::filesystem::path& path) {
  return is_one_of(path, ffmpeg_audio_endings());
}

}  // namespace musicrep
