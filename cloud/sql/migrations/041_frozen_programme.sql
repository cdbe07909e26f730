-- Since then nobody in the programme earns or spends.
alter table programmes add frozen_at timestamptz;
