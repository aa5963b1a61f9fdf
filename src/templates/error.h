// What is wrong with a template, in CloudFormation's words: the message of a ValidationError.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace pawl::templates {

struct TemplateError {
  std::string message;
};

inline Err<TemplateError> template_error(std::string message) {
  return Err{TemplateError{std::move(message)}};
}

}  // namespace pawl::templates
