# The role in the management account, or in a delegated administrator's, that lists the organization's accounts.
# The fleet is told of it by SCANFLEET_ORGANIZATION_ROLE_ARN.

module "policies" {
  source = "../policies"
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "CoordinatorOnly"
    actions = var.session_tags ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]

    # By its name, since a coordinator's role that is made anew has another unique id.
    principals {
      type        = "AWS"
      identifiers = [replace(var.coordinator_role_arn, "/role\\/.*$/", "root")]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values   = [var.coordinator_role_arn]
    }
  }
}

resource "aws_iam_role" "listing" {
  name                 = var.name
  description          = "Lists the organization's accounts for scanfleet's coordinator"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "listing" {
  name   = "scanfleet-organization"
  role   = aws_iam_role.listing.id
  policy = module.policies.json["organization"]
}
