-- visible(U, G) = can use Confluence AND reads the space AND is admitted by G and by everything above it.

-- Rows rule until the site is on roles, assignments from the transition on.
CREATE VIEW space_grant AS
  SELECT space, operation, kind, who, class FROM space_row
  WHERE target = 'space' AND operation IN ('read', 'administer')
    AND ((SELECT mode FROM site) IN ('PRE_ROLES', 'ROLES_TRANSITION') OR NOT {rows_until_roles})
  UNION
  SELECT a.space, o.operation, a.kind, a.who, a.class
  FROM space_assignment a JOIN (SELECT 'read' AS operation UNION SELECT 'administer') o
  WHERE (
      (a.role, o.operation || '/space') IN (SELECT role, permission FROM space_role)
      OR (o.operation = 'read' AND NOT {role_must_read})
    )
    AND ((SELECT mode FROM site) IN ('ROLES_TRANSITION', 'ROLES') OR NOT {assignments_from_transition});

CREATE VIEW space_holder AS
  SELECT u.person, g.operation, g.space
  FROM wiki_user u JOIN space_grant g ON g.kind = 'user' AND g.who = u.person
  WHERE {space_by_user}
  UNION
  SELECT u.person, g.operation, g.space
  FROM wiki_user u JOIN my_group m ON m.person = u.person JOIN space_grant g ON g.kind = 'group' AND g.who = m.grp
  WHERE {space_by_group} AND (NOT u.guest OR NOT {guest_by_own_name})
  UNION
  SELECT u.person, g.operation, g.space
  FROM wiki_user u JOIN space_grant g ON g.kind = 'class'
  WHERE (NOT u.guest OR NOT {guest_by_own_name})
    AND CASE g.class
      WHEN 'anonymous-users' THEN {class_anonymous}
      WHEN 'authenticated-users' THEN {class_authenticated} AND u.person NOT IN (SELECT person FROM public)
      WHEN 'all-licensed-users' THEN {class_licensed} AND u.person NOT IN (SELECT person FROM public)
      WHEN 'all-product-admins' THEN {class_product_admins} AND u.person IN (SELECT person FROM wiki_admin)
      ELSE NOT {other_classes_empty}
    END;

CREATE VIEW space_reader AS
  SELECT person, space FROM space_holder WHERE operation = 'read'
  UNION
  SELECT u.person, s.id FROM wiki_user u JOIN space s WHERE NOT {space_read};

-- Content whose own list of viewers is not empty and does not hold the account: within one level users and groups add up.
-- Content below something that is gone is closed as well.
CREATE VIEW closed AS
  SELECT DISTINCT u.person, r.content
  FROM wiki_user u JOIN restriction r ON r.operation = 'read' OR NOT {only_read_restricts}
  WHERE (u.person, r.content) NOT IN (
      SELECT u2.person, l.content FROM wiki_user u2 JOIN restriction l ON l.kind = 'user' AND l.who = u2.person
      WHERE {listed_user} AND (l.operation = 'read' OR NOT {only_read_restricts})
      UNION
      SELECT m.person, l.content FROM my_group m JOIN restriction l ON l.kind = 'group' AND l.who = m.grp
      WHERE {listed_group} AND (l.operation = 'read' OR NOT {only_read_restricts})
    )
    AND ({no_admin_bypass} OR u.person NOT IN (SELECT person FROM wiki_admin))
  UNION
  SELECT u.person, c.id FROM wiki_user u JOIN content c ON c.parent NOT IN (SELECT id FROM content)
  WHERE {orphans_hidden} AND c.kind <> 'blogpost';

-- Across levels every one must admit, whatever its kind: what is closed hides all below it. Blog posts stand alone.
CREATE VIEW hidden AS
  WITH RECURSIVE below (person, content) AS (
    SELECT person, content FROM closed WHERE {own_restriction}
    UNION
    SELECT b.person, c.id
    FROM below b JOIN content c ON c.parent = b.content JOIN content above ON above.id = b.content
    WHERE {ancestors_restrict}
      AND (c.kind <> 'blogpost' OR NOT {blog_posts_alone})
      AND (above.kind = 'page' OR {every_kind_restricts})
  )
  SELECT person, content FROM below;

CREATE VIEW content_seen AS
  SELECT r.person, c.id AS content, c.kind, c.space, c.status IN ('current', 'archived') AS listed
  FROM space_reader r JOIN content c ON c.space = r.space
  WHERE (r.person, c.id) NOT IN (SELECT person, content FROM hidden)
    AND CASE c.status
      WHEN 'current' THEN 1
      WHEN 'archived' THEN {archived_stays}
      WHEN 'draft' THEN NOT {drafts_private} OR c.author = r.person
        OR ({collaborators} AND (c.id, r.person) IN (SELECT content, person FROM collaborator))
      ELSE NOT {trash_for_space_admins}
        OR (r.person, 'administer', c.space) IN (SELECT person, operation, space FROM space_holder)
    END;
