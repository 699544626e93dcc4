"""Drives Jira and Confluence with `atlassian-python-api`: what one account writes, others see as far as they may.

The client does some things for `*.atlassian.net` alone, so the site's own name leads to the simulator here.
Arguments: the site's name, the simulator's port, then pairs of e-mail and token of an administrator, a lawyer and an ordinary member.
"""

import socket
import sys
import warnings

import requests
from atlassian import Confluence, Jira

warnings.simplefilter("ignore")
host, port, admin_mail, admin_token, legal_mail, legal_token, member_mail, member_token = sys.argv[1:]
base = f"http://{host}:{port}"
look_up = socket.getaddrinfo
socket.getaddrinfo = lambda name, *rest, **more: look_up("127.0.0.1" if name == host else name, *rest, **more)


def jira(mail, token):
    return Jira(url=base, username=mail, password=token, cloud=True, api_version="3")


def confluence(mail, token, version=2):
    return Confluence(url=base + "/wiki", username=mail, password=token, cloud=True, api_version=version)


def refused(statuses, call):
    try:
        answer = call()
    except requests.HTTPError as error:
        assert error.response.status_code in statuses, f"{error.response.status_code}: {error}"
        return
    except Exception as error:  # The client wraps some refusals in errors of its own.
        cause = error.__cause__ or error.__context__ or error
        response = getattr(error, "response", None) or getattr(cause, "response", None)
        assert response is None or response.status_code in statuses, repr(error)
        return
    raise AssertionError(f"expected a refusal with {statuses}, got {answer!r}")


def ids(listing):
    rows = listing["results"] if isinstance(listing, dict) else listing
    return {str(row["id"]) for row in rows}


# Jira: groups, members, a project's issue.
admin, member = jira(admin_mail, admin_token), jira(member_mail, member_token)
admin.create_group("lamp-keepers")
account = member.myself()["accountId"]
admin.add_user_to_group(account_id=account, group_name="lamp-keepers")
rows = admin.get_all_users_from_group("lamp-keepers")["values"]
assert [row["accountId"] for row in rows] == [account], rows
refused({403}, lambda: member.create_group("nobody-may"))
admin.remove_user_from_group(account_id=account, group_name="lamp-keepers")
assert admin.get_all_users_from_group("lamp-keepers")["values"] == []

# A project with a scheme and a role of its own: whoever plays the role sees it, nobody else.
me = admin.myself()["accountId"]
roles = admin.get("rest/api/3/role")
role = next(row["id"] for row in roles if row["name"] == "Developers")
browse = {"permission": "BROWSE_PROJECTS", "holder": {"type": "projectRole", "parameter": str(role), "value": str(role)}}
create = {"permission": "CREATE_ISSUES", "holder": {"type": "applicationRole"}}
scheme = admin.post("rest/api/3/permissionscheme", data={"name": "Harbour only", "permissions": [browse]})
admin.set_permissionscheme_grant(scheme["id"], create)
template = "com.pyxis.greenhopper.jira:gh-simplified-basic"
harbour = {"key": "HARB", "name": "Harbour", "projectTypeKey": "software", "projectTemplateKey": template, "leadAccountId": me}
admin.post("rest/api/3/project", json={**harbour, "assigneeType": "UNASSIGNED"})
admin.assign_project_permission_scheme("HARB", scheme["id"])
admin.add_project_actor_in_role("HARB", role, me, "user")
assert "HARB" in {row["key"] for row in admin.get("rest/api/3/project/search")["values"]}
task = {"project": {"key": "HARB"}, "issuetype": {"name": "Task"}, "summary": "Paint the buoys"}
buoys = admin.create_issue(fields=task)
refused({404}, lambda: member.issue(buoys["key"]))
admin.add_project_actor_in_role("HARB", role, account, "user")
assert member.issue(buoys["key"])["fields"]["summary"] == "Paint the buoys"

# Confluence: a space, pages in it, what hangs on them.
writer, lawyer, reader = (
    confluence(admin_mail, admin_token),
    confluence(legal_mail, legal_token),
    confluence(member_mail, member_token),
)
space = writer.create_space("PIER", "The pier")
assert writer.get_space_by_key("PIER")["name"] == "The pier"
documents = writer.get_space_by_key("DOC")
page = writer.create_page(space_id=documents["id"], title="Lamps", body="<p>Trim the wicks at <strong>dusk</strong>.</p>")
child = writer.create_page(space_id=documents["id"], title="Spare glass", body="<p>In the shed.</p>", parent_id=page["id"])
read = reader.get_page_by_id(page["id"], body_format="storage")
assert "<strong>dusk</strong>" in read["body"]["storage"]["value"]
assert ids(reader.get_child_pages(page["id"])) == {child["id"]}
writer.update_page(page["id"], title="Lamps and wicks", body="<p>Trim them at dawn.</p>", status="current", version=1, representation="storage")
changed = reader.get_page_by_id(page["id"], body_format="storage")
assert (changed["title"], changed["version"]["number"]) == ("Lamps and wicks", 2)
assert page["id"] in ids(reader.get_pages(space_id=documents["id"], get_body=True, limit=250))

def remark(client, text):
    body = {"representation": "storage", "value": f"<p>{text}</p>"}
    return client.create_global_footer_comment({"pageId": page["id"], "body": body})


comment = remark(reader, "Who has the key of the shed?")
assert comment["id"] in ids(lawyer.get_page_footer_comments(page["id"]))

# A blog post, and what hangs on a page by the older routes.
post = writer.post("api/v2/blogposts", data={
    "spaceId": documents["id"], "status": "current", "title": "A clear night",
    "body": {"representation": "storage", "value": "<p>All lamps burn.</p>"},
})
assert reader.get(f"api/v2/blogposts/{post['id']}")["title"] == "A clear night"

old, old_reader, old_lawyer = (
    confluence(admin_mail, admin_token, version=1),
    confluence(member_mail, member_token, version=1),
    confluence(legal_mail, legal_token, version=1),
)
old.post(
    f"rest/api/content/{page['id']}/child/attachment",
    files={"file": ("plan.txt", b"a plan of the shed", "text/plain")},
    headers={"X-Atlassian-Token": "no-check"},
)
listed = reader.get(f"api/v2/pages/{page['id']}/attachments")["results"]
assert [row["title"] for row in listed] == ["plan.txt"], listed

# A restriction shuts out whoever it does not name, from the page and from all below it.
me = old.get("rest/api/user/current")["accountId"]
legal = next(row["id"] for row in old.get("rest/api/group")["results"] if row["name"] == "legal")
holders = {"user": [{"type": "known", "accountId": me}], "group": [{"type": "group", "id": legal}]}
old.put(f"rest/api/content/{page['id']}/restriction", data=[{"operation": "read", "restrictions": holders}])
for hidden in (page, child):
    refused({404}, lambda: reader.get_page_by_id(hidden["id"]))
    assert lawyer.get_page_by_id(hidden["id"])["id"] == hidden["id"]
assert not ids(reader.get_pages(space_id=documents["id"], get_body=True, limit=250)) & {page["id"], child["id"]}
refused({404}, lambda: remark(reader, "Hello?"))

# Searching shows each account its own share.
query = {"cql": 'title ~ "Spare glass"', "limit": 10}
hits = [who.get("rest/api/content/search", params=query)["results"] for who in (old_lawyer, old_reader)]
assert [len(found) for found in hits] == [1, 0], hits

old.delete(f"rest/api/content/{page['id']}/restriction")
assert reader.get_page_by_id(child["id"])["title"] == "Spare glass"
writer.delete_page(child["id"])
assert child["id"] not in ids(reader.get_pages(space_id=documents["id"], get_body=True, limit=250))
print("ok")
