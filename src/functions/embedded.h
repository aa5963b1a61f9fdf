// Files that travel inside the binary: the runtime clients and the environment's first process.
#pragma once

#include <string_view>

namespace pawl::functions {

std::string_view node_client();          // bootstrap/index.cjs
std::string_view python_client();        // bootstrap/bootstrap.py
std::string_view python2_names();        // bootstrap/python2.py
std::string_view environment_program();  // pawl-environment, a static executable

}  // namespace pawl::functions
