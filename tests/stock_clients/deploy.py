#!/usr/bin/env python3
"""Tools that deploy, as they are shipped: the SAM CLI, the CDK, Terraform (where PAWL_TERRAFORM
names it; else the calls of its provider). Each has a server of its own, and they work at once."""
import argparse
import os
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import bucket_notifications  # noqa: E402
import cdk_cli  # noqa: E402
import function_urls  # noqa: E402
import harness  # noqa: E402
import sam_cli  # noqa: E402
import terraform_cli  # noqa: E402


def run_one(pawl, make, results):
    """Runs what `make` makes of a server and a folder."""
    with tempfile.TemporaryDirectory() as folder, harness.Server(pawl) as server:
        tool = make(server, folder)
        tool.run()
        if tool.problems:
            tool.problems.append(server.log_tail(15))
        results.append(tool)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pawl", required=True, help="the binary")
    parser.add_argument("--sam", default=os.path.join(ROOT, "build/tools/sam/bin/sam"))
    parser.add_argument("--cdk", default=os.path.join(ROOT, "build/tools/cdk"),
                        help="directory whose node_modules have the CDK")
    parser.add_argument("--only", default="",
                        help="sam, cdk, terraform, calls, urls or notifications")
    options = parser.parse_args()
    makers = {
        "sam": lambda server, folder: sam_cli.SamCli(server, folder,
                                                     os.path.abspath(options.sam)),
        "cdk": lambda server, folder: cdk_cli.CdkCli(server, folder, options.cdk),
        "calls": terraform_cli.ProviderCalls,
        "urls": function_urls.FunctionUrls,
        "notifications": bucket_notifications.BucketNotifications,
    }
    terraform = os.environ.get("PAWL_TERRAFORM")
    if terraform:
        makers["terraform"] = lambda server, folder: terraform_cli.Terraform(server, folder,
                                                                            terraform)
    else:
        print("PAWL_TERRAFORM is not set: terraform itself is not run")
    results = []
    threads = [threading.Thread(target=run_one, args=(options.pawl, make, results))
               for name, make in makers.items() if options.only in name]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    problems = [problem for tool in results for problem in tool.problems]
    if len(results) != len(threads):
        problems.append("a tool ended without a result")
    passed = sum(tool.passed for tool in results)
    if problems:
        print("\n".join(problems))
    print(f"deploying tools: {passed} passed, {len(problems)} failed")
    harness.report_counts(passed, len(problems))
    return 1 if problems or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
