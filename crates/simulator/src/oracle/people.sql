-- Who an asked account is. {name} is 1 while that rule or reading is in force, else 0.

-- An account that counts at all: active, and no customer of a portal.
CREATE VIEW account AS
  SELECT p.n AS person, p.guest
  FROM asked a JOIN person p ON p.n = a.person
  WHERE (p.active OR NOT {active_only}) AND (p.kind <> 'customer' OR NOT {customers_out});

-- Nobody in particular: the public internet. It is in no group and has no role.
CREATE VIEW public AS
  SELECT person FROM asked WHERE person = -1;

-- Groups do not nest. A deleted group admits nobody, wherever it is still listed.
CREATE VIEW my_group AS
  SELECT a.person, m.grp
  FROM asked a JOIN member m ON m.person = a.person JOIN grp g ON g.n = m.grp
  WHERE NOT g.deleted OR NOT {deleted_groups_empty};

CREATE VIEW given AS
  SELECT DISTINCT m.person, g.gives FROM my_group m JOIN group_gives g ON g.grp = m.grp;

-- can_use_confluence. guest: enters spaces in its own name only.
CREATE VIEW wiki_user AS
  SELECT a.person, a.guest
  FROM account a
  WHERE (SELECT has_confluence FROM site)
    AND (a.person IN (SELECT person FROM given WHERE gives IN ('user', 'admin', 'guest')) OR NOT {confluence_access})
  UNION
  SELECT person, 0 FROM public
  WHERE (SELECT has_confluence FROM site) AND ((SELECT anonymous FROM site) OR NOT {public_needs_switch});

-- product_access of Jira: a group of any application role.
CREATE VIEW jira_user AS
  SELECT a.person
  FROM account a
  WHERE (SELECT has_jira FROM site)
    AND (a.person IN (SELECT m.person FROM my_group m JOIN application_role r ON r.grp = m.grp) OR NOT {jira_access})
  UNION
  SELECT person FROM public WHERE (SELECT has_jira FROM site);

-- Administrators by product: no rule below gives them anything but the class of product administrators.
CREATE VIEW wiki_admin AS
  SELECT DISTINCT person FROM given WHERE gives IN ('admin', 'site admin');
CREATE VIEW jira_admin AS
  SELECT DISTINCT person FROM given WHERE gives IN ('jira admin', 'site admin');
