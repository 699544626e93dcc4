-- visible(U, I) = product access AND some holder of Browse is U AND (no level OR some member of the level is U).

CREATE VIEW plays AS
  SELECT a.person, r.project, r.role FROM asked a JOIN actor r ON r.kind = 'user' AND r.who = a.person
  UNION
  SELECT m.person, r.project, r.role FROM my_group m JOIN actor r ON r.kind = 'group' AND r.who = m.grp;

-- The lists of holders that decide in each project: its scheme's Browse, and each level that its issues carry.
CREATE VIEW holder AS
  SELECT 'browse' AS purpose, p.scheme AS list, p.id AS project, p.lead, g.holder, g.who, g.name
  FROM project p JOIN scheme_grant g ON g.scheme = p.scheme
  WHERE p.style = 'classic' AND (g.permission = 'BROWSE_PROJECTS' OR NOT {only_browse_counts})
  UNION ALL
  SELECT 'level', i.security, p.id, p.lead, m.holder, m.who, m.name
  FROM (SELECT DISTINCT project, security FROM issue WHERE security IS NOT NULL) i
    JOIN project p ON p.id = i.project JOIN level_member m ON m.level = i.security;

-- Holders that need no issue to be decided; and team-managed projects, where the access level stands for the scheme.
CREATE VIEW holds_in_project AS
  SELECT u.person, h.purpose, h.list, h.project
  FROM jira_user u JOIN holder h
  WHERE CASE h.holder
      WHEN 'anyone' THEN {anyone}
      WHEN 'applicationRole' THEN CASE
        WHEN u.person IN (SELECT person FROM public) THEN NOT {licensed_is_not_public}
        WHEN h.name IS NULL THEN {licensed}
        ELSE {application_role} AND EXISTS (
        SELECT 1 FROM application_role a JOIN my_group m ON m.grp = a.grp WHERE a.key = h.name AND m.person = u.person
      ) END
      WHEN 'group' THEN {group} AND (u.person, h.who) IN (SELECT person, grp FROM my_group)
      WHEN 'user' THEN {user} AND h.who = u.person
      WHEN 'projectRole' THEN {project_role} AND EXISTS (
        SELECT 1 FROM plays r
        WHERE r.person = u.person AND r.role = h.who AND (r.project = h.project OR NOT {role_in_this_project})
      )
      WHEN 'projectLead' THEN {project_lead} AND h.lead = u.person
      WHEN 'sd.customer.portal.only' THEN NOT {portal_only_is_nothing}
      ELSE 0
    END
  UNION
  SELECT u.person, 'browse', p.scheme, p.id
  FROM jira_user u JOIN project p
  WHERE u.person NOT IN (SELECT person FROM public)
    AND ((p.style IN ('open', 'limited') AND {team_open})
      OR (p.style = 'private'
        AND (NOT {team_private} OR (u.person, p.id) IN (SELECT person, project FROM plays))))
  UNION
  SELECT u.person, 'browse', p.scheme, p.id FROM jira_user u JOIN project p WHERE NOT {browse_needed};

-- Holders that the issue itself names, by its values of today.
CREATE VIEW holds_for_issue AS
  SELECT u.person, h.purpose, i.id AS issue
  FROM jira_user u
    JOIN holder h ON h.holder IN ('reporter', 'assignee', 'userCustomField', 'groupCustomField')
    JOIN issue i ON i.project = h.project AND (h.purpose = 'browse' OR i.security = h.list)
  WHERE CASE h.holder
      WHEN 'reporter' THEN {reporter} AND i.reporter = u.person
      WHEN 'assignee' THEN {assignee} AND i.assignee = u.person
      WHEN 'userCustomField' THEN {user_field} AND EXISTS (
        SELECT 1 FROM issue_user f WHERE f.issue = i.id AND f.field = h.name AND f.person = u.person
      )
      ELSE {group_field} AND EXISTS (
        SELECT 1 FROM issue_group f JOIN my_group m ON m.grp = f.grp
        WHERE f.issue = i.id AND f.field = h.name AND m.person = u.person
      )
    END;

CREATE VIEW browses AS
  SELECT u.person, i.id AS issue
  FROM jira_user u JOIN issue i
  WHERE (u.person, i.project) IN (SELECT person, project FROM holds_in_project WHERE purpose = 'browse')
    OR (u.person, i.id) IN (SELECT person, issue FROM holds_for_issue WHERE purpose = 'browse');

-- No level at all, or a member of it. A level without members hides from everybody, administrators included.
CREATE VIEW in_level AS
  SELECT u.person, i.id AS issue
  FROM jira_user u JOIN issue i
  WHERE i.security IS NULL
    OR NOT {level_needed}
    OR (u.person, i.security, i.project) IN (SELECT person, list, project FROM holds_in_project WHERE purpose = 'level')
    OR (u.person, i.id) IN (SELECT person, issue FROM holds_for_issue WHERE purpose = 'level')
    OR (NOT {no_admin_bypass} AND u.person IN (SELECT person FROM jira_admin));

CREATE VIEW issue_seen AS
  SELECT b.person, b.issue, i.project, NOT (p.archived OR i.archived) OR NOT {archived_unlisted} AS listed
  FROM browses b JOIN issue i ON i.id = b.issue JOIN project p ON p.id = i.project
  WHERE (NOT p.deleted OR NOT {deleted_project_gone})
    AND (b.person, b.issue) IN (SELECT person, issue FROM in_level);

-- A holder that depends on the issue shows the project to everybody who could be that holder.
CREATE VIEW project_seen AS
  SELECT u.person, p.id AS project, NOT p.archived OR NOT {archived_unlisted} AS listed
  FROM jira_user u JOIN project p
  WHERE (NOT p.deleted OR NOT {deleted_project_gone})
    AND ((u.person, p.id) IN (SELECT person, project FROM holds_in_project WHERE purpose = 'browse')
      OR ({dependent_shows_project} AND u.person NOT IN (SELECT person FROM public) AND p.id IN (
        SELECT project FROM holder
        WHERE purpose = 'browse' AND holder IN ('reporter', 'assignee', 'userCustomField', 'groupCustomField')
      )));
