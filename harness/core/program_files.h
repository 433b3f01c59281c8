// The files of the running program: executable and shared objects.
#pragma once

#include <filesystem>
#include <string>

namespace musicrep {

/// musicrep_networks.so (networks/network.h): beside the program, or where both are installed;
/// empty: there is none.
std::filesystem::path networks_file();

/// SHA-256 over the bytes of the program and of networks_file().
std::string program_sha256();

}  // namespace musicrep
