// What the server asks pawl-environment to do: its command line,
//   pawl-environment [namespaces] [probe] [code=DIR] [runtime=DIR] [directory=DIR] [tmp_mb=N]
//                    [memory_mb=N] -- PROGRAM ARGUMENT...
#pragma once

namespace pawl::functions::environment {

struct Plan {
  bool namespaces = false;      // private process ids, mounts and IPC; else a session of its own
  bool probe = false;           // set everything up, say kReady, end
  const char* code = "";        // mounted read-only at /var/task
  const char* runtime = "";     // mounted read-only at /var/runtime
  const char* directory = "/";  // where PROGRAM starts
  long tmp_mb = 512;            // size of the private /tmp
  long memory_mb = 128;         // of all the environment's processes together
  char** command = nullptr;     // PROGRAM ARGUMENT..., null-terminated
};

Plan read_plan(int argc, char** argv);

}  // namespace pawl::functions::environment
