// A shared object that is no encoder.
extern "C" int answer() { return 42; }
