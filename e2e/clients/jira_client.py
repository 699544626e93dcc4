"""Drives Jira with the client `jira`: what one account writes is read back, and another account sees only its share.

Arguments: the base address, then pairs of e-mail and token of an administrator, a developer and an ordinary member.
"""

import io
import sys

from jira import JIRA
from jira.exceptions import JIRAError

base, admin_mail, admin_token, dev_mail, dev_token, member_mail, member_token = sys.argv[1:]


def client(mail, token):
    options = {"rest_api_version": "3"}
    return JIRA(server=base, options=options, basic_auth=(mail, token), max_retries=0)


def adf(text):
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def words(document):
    if document is None:
        return ""
    if isinstance(document, str):
        return document
    node = document if isinstance(document, dict) else vars(document)
    own = node.get("text", "")
    return own + " ".join(words(child) for child in node.get("content", []) or [])


def refused(status, call):
    try:
        call()
    except JIRAError as error:
        assert error.status_code == status, f"expected {status}, got {error.status_code}: {error.text}"
        return error.text
    raise AssertionError(f"expected a refusal with {status}")


admin, dev, member = client(admin_mail, admin_token), client(dev_mail, dev_token), client(member_mail, member_token)

# Who one is, and what there is.
assert admin._is_cloud, "the client takes the simulator for a server"
assert dev.myself()["emailAddress"] == dev_mail
assert {project.key for project in dev.projects()} == {"OPS"}
assert dev.project("OPS").name == "Operations"
assert {field["id"] for field in dev.fields()} >= {"summary", "description", "comment", "attachment"}
assert dev.server_info()["deploymentType"] == "Cloud"

# An issue, and everything that hangs on it.
issue = dev.create_issue(
    fields={
        "project": {"key": "OPS"},
        "issuetype": {"name": "Task"},
        "summary": "Lantern on the pier is dark",
        "description": adf("The keeper saw it at dusk."),
        "labels": ["pier"],
    }
)
read = member.issue(issue.key)
assert read.fields.summary == "Lantern on the pier is dark"
assert "keeper" in words(read.raw["fields"]["description"])
assert read.fields.labels == ["pier"]
issue.update(fields={"summary": "Lantern on the pier is broken"})
assert member.issue(issue.key).fields.summary == "Lantern on the pier is broken"

open_comment = dev.add_comment(issue, adf("The glass is cracked."))
secret = dev.add_comment(issue, adf("The insurance must not know yet."), visibility={"type": "role", "value": "Developers"})
seen = {comment.id for comment in member.comments(issue.key)}
assert seen == {open_comment.id}, f"a comment for developers is shown to a member: {seen}"
assert {comment.id for comment in dev.comments(issue.key)} == {open_comment.id, secret.id}
refused(404, lambda: member.comment(issue.key, secret.id))

attached = dev.add_attachment(issue=issue, attachment=io.BytesIO(b"a drawing of the lantern"), filename="lantern.txt")
assert member.attachment(attached.id).get() == b"a drawing of the lantern"
assert [file.filename for file in member.issue(issue.key).fields.attachment] == ["lantern.txt"]

work = dev.add_worklog(issue, timeSpentSeconds=3600, comment=adf("Climbed up and looked."))
assert work.id in {worklog.id for worklog in member.worklogs(issue.key)}

other = dev.create_issue(fields={"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Order new glass"})
dev.create_issue_link("Blocks", other.key, issue.key)
assert len(member.issue(issue.key).fields.issuelinks) == 1

issue.update(fields={"assignee": {"accountId": member.myself()["accountId"]}})
assert member.issue(issue.key).fields.assignee.emailAddress in (member_mail, None)
moves = dev.transitions(issue)
assert moves, "no transition is offered"
dev.transition_issue(issue, moves[0]["id"])
assert member.issue(issue.key).fields.status.name == moves[0]["to"]["name"]

# Searching, and what it does not show.
found = member.enhanced_search_issues('project = OPS AND summary ~ "lantern"', maxResults=0)
assert [hit.key for hit in found] == [issue.key], found
hidden = {hit.key for hit in dev.enhanced_search_issues("project = OPS", maxResults=0)}
shown = {hit.key for hit in member.enhanced_search_issues("project = OPS", maxResults=0)}
assert shown < hidden, "an issue with a security level is shown to everybody"
for key in hidden - shown:
    refused(404, lambda: member.issue(key))
refused(400, lambda: member.enhanced_search_issues("this is no query ((", maxResults=1))

# A wrong token goes on as nobody, as at Atlassian: it sees nothing.
nobody = JIRA(server=base, options={"rest_api_version": "3"}, basic_auth=(dev_mail, "wrong"), max_retries=0, get_server_info=False)
refused(401, nobody.myself)

admin.issue(other.key).delete()
refused(404, lambda: member.issue(other.key))
print("ok")
