# The role that workers and coordinator assume in one account. A StackSet does not reach the management account, and
# this is for it and for accounts that Terraform owns; ops/cloudformation/member-role.yaml is for all others.

module "policies" {
  source = "../policies"
}

locals {
  trust     = jsondecode(file("${path.module}/../../../iam/member-trust.json"))
  statement = local.trust.Statement[0]

  rendered_trust = merge(local.trust, {
    Statement = [merge(
      { for key, value in local.statement : key => value if key != "Condition" },
      {
        Principal = { AWS = [var.coordinator_role_arn, var.worker_role_arn] }
        Action    = var.session_tags ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]
      },
      var.external_id == null ? {} : { Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } }
    )]
  })
}

resource "aws_iam_role" "member" {
  name                 = var.name
  description          = "Lets scanfleet list and scan images and read their findings"
  assume_role_policy   = jsonencode(local.rendered_trust)
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "member" {
  name   = "scanfleet-member"
  role   = aws_iam_role.member.id
  policy = module.policies.json["member-permissions"]
}
