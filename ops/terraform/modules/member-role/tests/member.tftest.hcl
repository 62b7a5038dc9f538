mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::222222222222:role/ScanfleetMember" }
  }
}

variables {
  coordinator_role_arn = "arn:aws:iam::123456789012:role/scanfleet-coordinator"
  worker_role_arn      = "arn:aws:iam::123456789012:role/scanfleet-worker"
}

run "without_external_id" {
  assert {
    condition     = keys(jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Condition) == ["ArnEquals"]
    error_message = "The trust asks for an external id that nobody has, or no longer for a role's name."
  }

  assert {
    condition = toset(jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Condition.ArnEquals["aws:PrincipalArn"]) == toset([
      var.coordinator_role_arn, var.worker_role_arn
    ])
    error_message = "The role trusts somebody else than the fleet."
  }

  assert {
    condition     = jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Principal.AWS == "arn:aws:iam::123456789012:root"
    error_message = "A role of the fleet that is made anew would be refused, or another account let in."
  }

  assert {
    condition     = aws_iam_role_policy.member.policy == file("../../../iam/member-permissions.json")
    error_message = "The permissions are not those of ops/iam."
  }
}

run "the_trust_is_that_of_ops_iam" {
  variables {
    external_id = "secret"
  }

  assert {
    condition = jsondecode(aws_iam_role.member.assume_role_policy) == jsondecode(replace(
      replace(file("../../../iam/member-trust.json"), "FLEET_ACCOUNT", "123456789012"), "EXTERNAL_ID", "secret"
    ))
    error_message = "The trust is not that of ops/iam."
  }
}

run "a_wildcard_is_no_role" {
  command = plan

  variables {
    coordinator_role_arn = "arn:aws:iam::123456789012:role/*"
  }

  expect_failures = [var.coordinator_role_arn]
}

run "both_roles_are_of_one_account" {
  command = plan

  variables {
    worker_role_arn = "arn:aws:iam::210987654321:role/scanfleet-worker"
  }

  expect_failures = [var.worker_role_arn]
}

run "with_external_id_and_tagged_sessions" {
  variables {
    external_id  = "secret"
    session_tags = true
  }

  assert {
    condition     = jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Condition.StringEquals["sts:ExternalId"] == "secret"
    error_message = "The trust does not ask for the external id."
  }

  assert {
    condition     = contains(jsondecode(aws_iam_role.member.assume_role_policy).Statement[0].Action, "sts:TagSession")
    error_message = "A tagged session is refused."
  }
}
