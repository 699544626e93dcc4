//! `[generate]`: people, groups, containers and documents in bulk, evenly spread.
//!
//! Group g holds every person whose number leaves g when divided by the number of groups. Space s is read by group s and
//! by the service account; project p has a scheme of its own whose Browse goes to role Developers, held by group p and the
//! service account. So a crawl has every kind of permission call to make, and nobody sees everything. Groups also write where
//! they read, so that the company can be played; the service account does not.

use std::collections::BTreeSet;

use super::spaces::WRITER;
use super::words::sentence;
use super::{LoadError, Loader, STEP, shape};
use crate::state::attachment::FileBytes;
use crate::state::confluence_write::NewContent;
use crate::state::content::{Container, ContentKind, Placement, Status};
use crate::state::defaults::FOR_ALL;
use crate::state::directory::AccountType;
use crate::state::issue::adf;
use crate::state::project::{Actors, Grant, Holder, PermissionScheme, ProjectStyle};
use crate::state::space::{SpacePrincipal, SpaceType};
use crate::state::{AccountId, GroupId};
use crate::visibility::jira::BROWSE;

/// Words of a body where the file does not say.
const WORDS: usize = 60;
/// Pages per branch: page n hangs below page n - n % 20 of its space.
const BRANCH: usize = 20;

impl Loader<'_> {
    pub(super) fn generate(&mut self, generate: &shape::Generate) -> Result<(), LoadError> {
        let people = self.generate_people(generate)?;
        let groups = self.generate_groups(generate.groups, &people);
        let robots = self.world.directory.people.values().filter(|person| person.account_type == AccountType::App);
        let robots: Vec<AccountId> = robots.map(|person| person.account_id.clone()).collect();
        let Some(author) = people.first().cloned().or_else(|| self.author("generate", None).ok()) else {
            return Err(self.error("generate.people", "nobody to write documents:", "0", "100"));
        };
        let words = generate.words.unwrap_or(WORDS);
        let spaces = self.generate_spaces(generate.spaces, &groups, &robots, &author);
        self.generate_pages(generate, &spaces, &people, words);
        let projects = self.generate_projects(generate.projects, &groups, &robots, &author);
        self.generate_issues(generate, &projects, &people, words);
        Ok(())
    }

    fn generate_people(&mut self, generate: &shape::Generate) -> Result<Vec<AccountId>, LoadError> {
        let access = self.world.jira.application_roles.values().flat_map(|role| &role.groups);
        let access: BTreeSet<GroupId> = access.chain(&self.world.confluence.user_groups).cloned().collect();
        let mut people = Vec::new();
        for number in 0..generate.people {
            let handle = format!("person{number}");
            let name = Some(format!("Person {number}"));
            self.add_person(&shape::Person {
                handle: handle.clone(),
                name,
                email: None,
                email_shown: None,
                kind: None,
                active: true,
                guest: false,
                managed: true,
                email_verified: true,
                time_zone: None,
                groups: Vec::new(),
                token: None,
                token_scopes: Vec::new(),
            })?;
            people.push(self.account("generate.people", &handle)?);
        }
        for group in access {
            if let Some(mut group) = self.world.directory.group(&group).cloned() {
                group.members.extend(people.iter().cloned());
                self.world.directory.put_group(group);
            }
        }
        Ok(people)
    }

    fn generate_groups(&mut self, count: usize, people: &[AccountId]) -> Vec<GroupId> {
        let mut groups = Vec::new();
        for number in 0..count {
            let Some(id) = self.world.create_group(&format!("team-{number}")) else { continue };
            if let Some(mut group) = self.world.directory.group(&id).cloned() {
                group.members = people.iter().skip(number).step_by(count).cloned().collect();
                self.world.directory.put_group(group);
            }
            groups.push(id);
        }
        groups
    }

    fn generate_spaces(&mut self, count: usize, groups: &[GroupId], robots: &[AccountId], by: &AccountId) -> Vec<u64> {
        let mut spaces = Vec::new();
        for number in 0..count {
            let (key, name) = (format!("SPACE{number}"), format!("Space {number}"));
            let Some(id) = self.world.create_space(&key, &name, SpaceType::Global, by) else { continue };
            let team = groups.get(number % groups.len().max(1)).cloned().map(SpacePrincipal::Group);
            for principal in team.iter().cloned().chain(robots.iter().cloned().map(SpacePrincipal::User)) {
                self.world.grant_space(id, principal, "read", "space");
            }
            for (team, (operation, target)) in team.iter().flat_map(|team| WRITER.map(|may| (team, may))) {
                self.world.grant_space(id, team.clone(), operation, target);
            }
            spaces.push(id);
        }
        spaces
    }

    fn generate_pages(&mut self, generate: &shape::Generate, spaces: &[u64], people: &[AccountId], words: usize) {
        if spaces.is_empty() || people.is_empty() {
            return;
        }
        let mut branch = vec![None; spaces.len()];
        for number in 0..generate.pages {
            self.world.clock.advance(STEP);
            let seed = number as u64;
            let (turn, author) = (number % spaces.len(), &people[number % people.len()]);
            let heads = (number / spaces.len()).is_multiple_of(BRANCH);
            let body = format!("<h2>{}</h2><p>{}</p>", sentence(seed + 1_000_000, 3), sentence(seed, words));
            let id = self.world.create_content(NewContent {
                kind: ContentKind::Page,
                space: spaces[turn],
                parent: if heads { None } else { branch[turn] },
                title: format!("{} {number}", sentence(seed + 2_000_000, 3)),
                body: body.into(),
                status: Status::Current,
                author: author.clone(),
            });
            if heads {
                branch[turn] = Some(id);
            }
            for comment in 0..generate.comments_per_page {
                let text = format!("<p>{}</p>", sentence(seed * 31 + comment as u64 + 3_000_000, 12));
                let by = &people[(number + comment + 1) % people.len()];
                self.world.create_page_comment(Container::Content(id), None, Placement::Footer, by, text.into());
            }
            for file in 0..generate.attachments_per_page {
                let name = format!("{}-{number}-{file}.txt", sentence(seed + 4_000_000, 1));
                let bytes = FileBytes::Generated { seed, size: 512 };
                self.world.attach_to_page(id, &name, "text/plain", bytes, author);
            }
        }
    }

    fn generate_projects(
        &mut self,
        count: usize,
        groups: &[GroupId],
        robots: &[AccountId],
        by: &AccountId,
    ) -> Vec<u64> {
        let developers = self.world.jira.role_by_name("Developers").map_or(0, |role| role.id);
        let mut projects = Vec::new();
        for number in 0..count {
            let (key, name) = (format!("PROJ{number}"), format!("Project {number}"));
            let Some(id) = self.world.create_project(&key, &name, "software", ProjectStyle::Classic, by) else {
                continue;
            };
            let scheme = self.world.jira.take_id("permission scheme");
            let team = groups.get(number % groups.len().max(1)).cloned();
            let browse = (Holder::ProjectRole(developers), BROWSE);
            let write = team.iter().flat_map(|team| {
                let write = FOR_ALL.iter().filter(|permission| **permission != BROWSE);
                write.map(|permission| (Holder::Group(team.clone()), *permission))
            });
            let mut grants = Vec::new();
            for (holder, permission) in std::iter::once(browse).chain(write) {
                let id = self.world.jira.take_id("grant") + 100;
                grants.push(Grant { id, holder, permission: permission.to_owned() });
            }
            let name = format!("Scheme of {key}");
            let added = PermissionScheme { id: scheme, name, description: String::new(), project: None, grants };
            self.world.jira.permission_schemes.insert(scheme, added);
            let actors = Actors { users: robots.iter().cloned().collect(), groups: team.into_iter().collect() };
            if let Some(mut project) = self.world.jira.projects.get(&id).cloned() {
                project.permission_scheme = scheme;
                project.roles.insert(developers, actors);
                self.world.jira.put_project(project);
            }
            projects.push(id);
        }
        projects
    }

    fn generate_issues(&mut self, generate: &shape::Generate, projects: &[u64], people: &[AccountId], words: usize) {
        if projects.is_empty() || people.is_empty() {
            return;
        }
        for number in 0..generate.issues {
            self.world.clock.advance(STEP);
            let seed = number as u64 + 5_000_000;
            let creator = &people[number % people.len()];
            let summary = format!("{} {number}", sentence(seed, 5));
            let made = self.world.create_issue(projects[number % projects.len()], &summary, creator, |issue| {
                issue.description = Some(adf(&sentence(seed + 1, words)));
                issue.assignee = Some(people[(number + 1) % people.len()].clone());
                issue.priority = Some(number as u64 % 5 + 1);
            });
            for comment in 0..generate.comments_per_issue {
                let by = &people[(number + comment) % people.len()];
                let text = sentence(seed * 17 + comment as u64, 12);
                if let Some(issue) = made {
                    self.world.comment_issue(issue, by, adf(&text), None, true);
                }
            }
        }
    }
}
