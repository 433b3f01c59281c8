#define CATCH_CONFIG_MAIN  // of version 2; version 3 has main() in a library
#include <catch2/catch.hpp>
