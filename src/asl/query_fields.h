// Fields whose value is a path, an expression, or a value that may also come from one.
#pragma once

#include <optional>
#include <string_view>

#include "asl/fields.h"
#include "asl/model.h"

namespace pawl::asl {

// What a QueryLanguage field makes of its object: the service takes all it does not know for
// JSONata.
QueryLanguage query_language_written(json::Node value);
// Reports a QueryLanguage that does not exist.
void check_query_language(const Fields& fields);

// `$...` is a path, anything else an intrinsic function call; nothing when it is neither.
std::optional<Expression> compile_expression(std::string_view text);

// A path that may match many values (InputPath, OutputPath).
IoPath io_path(const Fields& fields, std::string_view name);
// ResultPath: a reference path into the state's input.
ResultPath result_path(const Fields& fields, std::string_view name);
// A path to one value: "$.a", "$$.Execution.Id", "$variable".
std::optional<jsonpath::Query> reference_path(const Fields& fields, std::string_view name);

// `name` as a literal or JSONata, or the path of `path_name`; that not both are given is checked
// by the caller.
std::optional<NumberField> integer_field(const Fields& fields, std::string_view name,
                                         std::string_view path_name, IntegerRange range);
std::optional<NumberField> real_field(const Fields& fields, std::string_view name,
                                      std::string_view path_name, RealRange range);

}  // namespace pawl::asl
