"""Prints how botocore's rule set answers for a service in each region it knows, with and without FIPS and dual-stack, in
the form of AWS' published endpoint tests."""

import itertools
import json
import os
import sys

import botocore.endpoint_provider
import botocore.exceptions
import botocore.loaders

# Clients are given these by default; what a rule set does not take is left out.
DEFAULTS = {"UseGlobalEndpoint": False, "Accelerate": False, "DisableMultiRegionAccessPoints": False}
# The fleet names a bucket in the path, and no account in the host.
OWN = {"Bucket": "bucket-name", "ForcePathStyle": True, "AccountIdEndpointMode": "disabled"}


def expected(provider, parameters):
    try:
        endpoint = provider.resolve_endpoint(**parameters)
    except botocore.exceptions.EndpointProviderError as error:
        return {"error": str(error)}
    return {"endpoint": {"url": endpoint.url, "properties": endpoint.properties}}


def cases(rules, partitions):
    provider = botocore.endpoint_provider.EndpointProvider(rules, partitions)
    extra = {name: value for name, value in {**DEFAULTS, **OWN}.items() if name in rules["parameters"]}
    regions = [region for partition in partitions["partitions"] for region in partition["regions"]]
    for region, fips, dual in itertools.product(regions, (False, True), (False, True)):
        parameters = {"Region": region, "UseFIPS": fips, "UseDualStack": dual, **extra}
        yield {
            "documentation": f"{region} with FIPS {fips} and dual-stack {dual}",
            "params": parameters,
            "expect": expected(provider, parameters),
        }


service = sys.argv[1]
loader = botocore.loaders.Loader(extra_search_paths=[os.path.join(os.path.dirname(botocore.__file__), "data")])
rules = loader.load_service_model(service, "endpoint-rule-set-1")
print(json.dumps({"testCases": list(cases(rules, loader.load_data("partitions")))}))
