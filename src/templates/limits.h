// CloudFormation's quotas for one template.
#pragma once

#include <cstddef>

namespace pawl::templates {

inline constexpr std::size_t kTemplateBytesMax = 1'000'000;   // by URL, and after a transform
inline constexpr std::size_t kTemplateBodyBytesMax = 51'200;  // in a request
inline constexpr std::size_t kResourcesMax = 500;
inline constexpr std::size_t kParametersMax = 200;
inline constexpr std::size_t kMappingsMax = 200;
inline constexpr std::size_t kOutputsMax = 200;
inline constexpr std::size_t kLogicalIdCharactersMax = 255;
inline constexpr std::size_t kParameterBytesMax = 4'096;
inline constexpr std::size_t kDescriptionBytesMax = 1'024;
inline constexpr std::size_t kLoopsMax = 5;  // Fn::ForEach in Fn::ForEach
// Our own: what loops may write, conditions, nesting of a template, and what joins and
// substitutions of one value may grow to.
inline constexpr std::size_t kExpansionBytesMax = 32u << 20;
inline constexpr std::size_t kConditionsMax = 1'000;
inline constexpr std::size_t kDepthMax = 100;
inline constexpr std::size_t kValueBytesMax = 4u << 20;

}  // namespace pawl::templates
