#include "services/logs/service.h"

namespace pawl::logs {

Service::Service(runtime::Logs& logs, runtime::Catalog& catalog, const std::string& function_logs)
    : logs_(logs), catalog_(catalog), functions_(function_logs) {}

void Service::add_to(runtime::Operations& operations) {
  const auto answered = [&](const char* name, Answer (Service::*run)(const Call&)) {
    operations.add("logs", name,
                   [this, run](const Call& call, Reply reply) { reply((this->*run)(call)); });
  };
  const auto replied = [&](const char* name, void (Service::*run)(const Call&, const Reply&)) {
    operations.add("logs", name,
                   [this, run](const Call& call, Reply reply) { (this->*run)(call, reply); });
  };
  replied("CreateLogGroup", &Service::create_group);
  replied("DeleteLogGroup", &Service::delete_group);
  answered("DescribeLogGroups", &Service::describe_groups);
  replied("PutRetentionPolicy", &Service::put_retention);
  replied("DeleteRetentionPolicy", &Service::delete_retention);
  replied("CreateLogStream", &Service::create_stream);
  replied("DeleteLogStream", &Service::delete_stream);
  answered("DescribeLogStreams", &Service::describe_streams);
  replied("PutLogEvents", &Service::put_events);
  answered("GetLogEvents", &Service::get_events);
  answered("FilterLogEvents", &Service::filter_events);
  for (const char* name : {"TagResource", "TagLogGroup"}) replied(name, &Service::tag);
  for (const char* name : {"UntagResource", "UntagLogGroup"}) replied(name, &Service::untag);
  for (const char* name : {"ListTagsForResource", "ListTagsLogGroup"}) {
    answered(name, &Service::list_tags);
  }
}

}  // namespace pawl::logs
