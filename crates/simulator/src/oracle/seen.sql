-- Everything that the asked accounts see. What hangs on something is seen with it.
-- listed: the product's listings show it without being asked for its status.

CREATE VIEW seen AS
  WITH
  part AS MATERIALIZED (SELECT person, content, kind, space, listed FROM content_seen),
  file AS MATERIALIZED (
    SELECT p.person, f.id, p.listed AND f.status IN ('current', 'archived') AS listed
    FROM part p JOIN page_attachment f ON f.content = p.content
    WHERE f.status IN ('current', 'archived') OR NOT {trash_for_space_admins}
      OR (p.person, 'administer', p.space) IN (SELECT person, operation, space FROM space_holder)
  ),
  ticket AS MATERIALIZED (SELECT person, issue, project, listed FROM issue_seen),
  note AS MATERIALIZED (
    SELECT t.person, c.id, t.listed
    FROM ticket t JOIN issue_comment c ON c.issue = t.issue
    WHERE c.audience IS NULL
      OR (c.audience = 'group'
        AND (NOT {audience_group} OR (t.person, c.who) IN (SELECT person, grp FROM my_group)))
      OR (c.audience = 'role'
        AND (NOT {audience_role} OR (t.person, t.project, c.who) IN (SELECT person, project, role FROM plays)))
  ),
  hours AS MATERIALIZED (
    SELECT t.person, w.id, t.listed
    FROM ticket t JOIN worklog w ON w.issue = t.issue
    WHERE NOT {worklog_audience}
      OR CASE w.audience
        WHEN 'group' THEN (t.person, w.who) IN (SELECT person, grp FROM my_group)
        WHEN 'role' THEN (t.person, t.project, w.who) IN (SELECT person, project, role FROM plays)
        ELSE 1
      END
  )
  SELECT person, 'space' AS kind, space AS id, 1 AS listed FROM space_reader
  UNION ALL
  SELECT person, kind, content, listed FROM part
  UNION ALL
  SELECT person, 'page attachment', id, listed FROM file
  UNION ALL
  SELECT p.person, 'page comment', c.id, p.listed
  FROM part p JOIN page_comment c ON c.content = p.content WHERE {comments_on_content}
  UNION ALL
  SELECT f.person, 'page comment', c.id, f.listed
  FROM file f JOIN page_comment c ON c.attachment = f.id WHERE {comments_on_attachments}
  UNION ALL
  SELECT person, 'project', project, listed FROM project_seen
  UNION ALL
  SELECT person, 'issue', issue, listed FROM ticket
  UNION ALL
  SELECT person, 'issue comment', id, listed FROM note
  UNION ALL
  SELECT t.person, 'issue attachment', a.id, t.listed
  FROM ticket t JOIN issue_attachment a ON a.issue = t.issue
  WHERE a.comment IS NULL OR a.comment NOT IN (SELECT id FROM issue_comment) OR NOT {attachment_of_comment}
    OR (t.person, a.comment) IN (SELECT person, id FROM note)
  UNION ALL
  SELECT person, 'worklog', id, listed FROM hours;
