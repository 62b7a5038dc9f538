mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Statement\":[]}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }
}

variables {
  organization_id  = "o-abc123"
  bucket           = "reports"
  listing_role_arn = "arn:aws:iam::111111111111:role/ScanfleetListing"
}

run "pod_identity" {
  variables {
    pod_identity_cluster = "prod"
  }

  assert {
    condition = toset([for a in aws_eks_pod_identity_association.fleet : a.service_account]) == toset([
      "scanfleet-coordinator", "scanfleet-worker", "scanfleet-aggregator"
    ])
    error_message = "The associations are not those of the chart's service accounts."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.trust["worker"].statement[0].principals).identifiers == toset(["pods.eks.amazonaws.com"])
    error_message = "The role trusts somebody else."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.fleet["worker"].policy, "sts:TagSession")
    error_message = "The tags of the session are not allowed on."
  }
}

run "irsa" {
  variables {
    oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC"
  }

  assert {
    condition     = length(aws_eks_pod_identity_association.fleet) == 0
    error_message = "There is no Pod Identity under IRSA alone."
  }

  assert {
    condition = contains([
      for c in data.aws_iam_policy_document.trust["aggregator"].statement[0].condition :
      "${c.variable}=${join(",", c.values)}"
    ], "oidc.eks.eu-central-1.amazonaws.com/id/ABC:sub=system:serviceaccount:scanfleet:scanfleet-aggregator")
    error_message = "The role is not bound to its service account."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.fleet["worker"].policy, "sts:TagSession")
    error_message = "Sessions without tags ask for tagging."
  }

  assert {
    condition     = data.aws_iam_policy_document.listing[0].statement[0].resources == toset(["arn:aws:iam::111111111111:role/ScanfleetListing"])
    error_message = "The coordinator may assume something else than the listing role."
  }
}

run "in_the_management_account" {
  variables {
    pod_identity_cluster = "prod"
    listing_role_arn     = null
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.listing.policy, "organizations:ListAccounts")
    error_message = "The coordinator cannot list the organization."
  }
}

run "a_role_for_the_dashboard" {
  variables {
    pod_identity_cluster = "prod"
    dashboard            = true
  }

  assert {
    condition     = contains(keys(output.role_arns), "dashboard") && !contains(keys(aws_iam_role_policy.fleet), "dashboard")
    error_message = "The dashboard has no role, or one with a policy of its own."
  }
}

run "some_identity_is_needed" {
  command         = plan
  expect_failures = [aws_iam_role.fleet]
}
