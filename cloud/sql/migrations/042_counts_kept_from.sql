-- What was counted of the days of customers before this one was dropped with their old entries.
alter table programmes add counts_kept_from text check (counts_kept_from ~ '^\d{4}-\d\d-\d\d$');
