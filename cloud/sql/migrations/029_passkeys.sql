-- Ways in that need no password: a key pair of a device that asks for a finger, a face or a PIN.
create table staff_passkeys (
  -- As the device names it, in base64url.
  id text primary key check (length(id) between 1 and 1400),
  account text not null references staff on delete cascade,
  title text not null check (length(title) between 1 and 60),
  public_key bytea not null,
  -- How often the device says that it was used; some always say 0.
  counter bigint not null check (counter >= 0),
  created_at timestamptz not null,
  used_at timestamptz
);
create index staff_passkeys_of_account on staff_passkeys (account);

-- What a device is asked to sign, good once and for some minutes; of an account where one adds a key.
create table staff_challenges (
  challenge text primary key,
  account text references staff on delete cascade,
  expires_at timestamptz not null
);
