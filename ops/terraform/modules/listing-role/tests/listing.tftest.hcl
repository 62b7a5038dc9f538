mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Statement\":[]}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/ScanfleetListing" }
  }
}

run "the_coordinator_alone_may_list" {
  variables {
    coordinator_role_arn = "arn:aws:iam::123456789012:role/scanfleet-coordinator"
  }

  assert {
    condition = (
      one(data.aws_iam_policy_document.trust.statement[0].principals).identifiers == toset(["arn:aws:iam::123456789012:root"]) &&
      one(data.aws_iam_policy_document.trust.statement[0].condition).values == tolist([var.coordinator_role_arn]) &&
      one(data.aws_iam_policy_document.trust.statement[0].condition).variable == "aws:PrincipalArn"
    )
    error_message = "Somebody else may assume the role."
  }

  assert {
    condition = alltrue([
      for action in flatten([for s in jsondecode(aws_iam_role_policy.listing.policy).Statement : s.Action]) :
      startswith(action, "organizations:List")
    ])
    error_message = "The role may do more than list the organization."
  }
}
