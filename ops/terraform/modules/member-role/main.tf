# The role that workers and coordinator assume in one account. A StackSet does not reach the management account, and
# this is for it and for accounts that Terraform owns; ops/cloudformation/member-role.yaml is for all others.

module "policies" {
  source = "../policies"
}

locals {
  trust     = jsondecode(file("${path.module}/../../../iam/member-trust.json"))
  statement = local.trust.Statement[0]

  # IAM keeps a role that is named as the principal by its unique id, so that a recreated one would be a stranger; the
  # account is the principal, and the condition compares names.
  rendered_trust = merge(local.trust, {
    Statement = [merge(
      local.statement,
      {
        Principal = { AWS = replace(var.coordinator_role_arn, "/role\\/.*$/", "root") }
        Condition = merge(
          { ArnEquals = { "aws:PrincipalArn" = [var.coordinator_role_arn, var.worker_role_arn] } },
          var.external_id == null ? {} : { StringEquals = { "sts:ExternalId" = var.external_id } }
        )
      },
      var.session_tags ? { Action = ["sts:AssumeRole", "sts:TagSession"] } : {}
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
