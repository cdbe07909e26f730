-- Of which segments customer_segments has everybody by now. A book that asks for another is judged by its definition until then.
alter table programmes add followed_segments text[] not null default '{}' check (array_position(followed_segments, null) is null);
