import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

describe('the environment', () => {
  it('may be empty: every setting has a default', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dataDir: resolve('.data'),
      erasuresFile: resolve('.data/erasures.jsonl'),
      holdSeconds: undefined,
      lookupsPerMinute: 120,
      missedLookupsPerMinute: 10,
      enrolAttemptsPerMinute: 10,
      strangersPerMinute: 60,
      operationsPerMinute: 600,
      operationsBurst: 20_000,
      requestsPerMinute: 600,
      turnedAwayPerSecond: 50,
      miniAppRequestsPerMinute: 120,
      chainName: 'Копилка',
      timeZone: 'Europe/Moscow',
      telegram: null,
      updates: { kind: 'folder', folder: resolve('.data/updates') },
      logLevel: 'info',
    })
  })

  it('sets every field', () => {
    const config = readConfig({
      PORT: '9000',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgresql://kopilka:secret@db:5432/kopilka?prepare=false',
      KOPILKA_DATA: '/var/lib/kopilka',
      ERASURES_FILE: '/mnt/elsewhere/erasures.jsonl',
      PENDING_DISCOUNT_EXPIRY_SECONDS: '60',
      LOOKUPS_PER_MINUTE: '5',
      MISSED_LOOKUPS_PER_MINUTE: '3',
      ENROL_ATTEMPTS_PER_MINUTE: '4',
      STRANGERS_PER_MINUTE: '5',
      OPERATIONS_PER_MINUTE: '7',
      OPERATIONS_BURST: '70',
      REQUESTS_PER_MINUTE: '6',
      TURNED_AWAY_PER_SECOND: '9',
      MINI_APP_REQUESTS_PER_MINUTE: '8',
      CHAIN_NAME: 'Ромашка',
      SUPPORT_CONTACT: '@romashka_help',
      JOIN_URL: 'https://t.me/romashka_bot',
      OPERATOR_NAME: 'ООО «Ромашка»',
      OPERATOR_ADDRESS: 'Москва, Тверская, 1',
      PRIVACY_POLICY_URL: 'https://romashka.example/policy',
      TIME_ZONE: 'Asia/Yekaterinburg',
      TELEGRAM_BOT_TOKEN: '12345:AbC-d_1',
      TELEGRAM_API_URL: 'http://127.0.0.1:8081/',
      PUBLIC_URL: 'https://loyalty.example.com/',
      UPDATES_FOLDER: '/srv/releases',
      ALERTS_CHAT_ID: '-1001234567890',
      METRICS_PORT: '9464',
      METRICS_TOKEN: 'a-token-of-prometheus',
      LOG_LEVEL: 'WARN',
    })
    expect(config).toEqual({
      port: 9000,
      host: '0.0.0.0',
      databaseUrl: 'postgresql://kopilka:secret@db:5432/kopilka?prepare=false',
      dataDir: resolve('/var/lib/kopilka'),
      erasuresFile: '/mnt/elsewhere/erasures.jsonl',
      holdSeconds: 60,
      lookupsPerMinute: 5,
      missedLookupsPerMinute: 3,
      enrolAttemptsPerMinute: 4,
      strangersPerMinute: 5,
      operationsPerMinute: 7,
      operationsBurst: 70,
      requestsPerMinute: 6,
      turnedAwayPerSecond: 9,
      miniAppRequestsPerMinute: 8,
      chainName: 'Ромашка',
      supportContact: '@romashka_help',
      joinUrl: 'https://t.me/romashka_bot',
      operator: {
        name: 'ООО «Ромашка»',
        address: 'Москва, Тверская, 1',
        policyUrl: 'https://romashka.example/policy',
      },
      timeZone: 'Asia/Yekaterinburg',
      telegram: {
        token: '12345:AbC-d_1',
        apiUrl: 'http://127.0.0.1:8081',
        publicUrl: 'https://loyalty.example.com',
      },
      updates: { kind: 'folder', folder: resolve('/srv/releases') },
      publicUrl: 'https://loyalty.example.com',
      alertsChatId: '-1001234567890',
      metricsPort: 9464,
      metricsToken: 'a-token-of-prometheus',
      logLevel: 'warn',
    })
  })

  it('keeps the releases in a store with the protocol of S3 where all it needs is there', () => {
    const store = {
      UPDATES_S3_ENDPOINT: 'https://s3.example',
      UPDATES_S3_BUCKET: 'kopilka',
      UPDATES_S3_ACCESS_KEY_ID: 'id',
      UPDATES_S3_SECRET_ACCESS_KEY: 'secret',
    }
    expect(readConfig(store).updates).toEqual({
      kind: 's3',
      endpoint: 'https://s3.example',
      bucket: 'kopilka',
      region: 'us-east-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
    })
    expect(() => readConfig({ ...store, UPDATES_S3_BUCKET: '' })).toThrow('needs UPDATES_S3_BUCKET')
  })

  it('counts an empty or blank value as absent', () => {
    const config = readConfig({
      PORT: '',
      DATABASE_URL: ' ',
      PENDING_DISCOUNT_EXPIRY_SECONDS: '',
      LOG_LEVEL: '',
    })
    expect(config).toEqual(readConfig({}))
  })

  it.each([
    ['PORT', 'http', 'PORT must be a whole number from 0 to 65535, not "http"'],
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535, not "65536"'],
    ['PORT', '80.5', 'PORT must be a whole number from 0 to 65535, not "80.5"'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535, not "-1"'],
    ['PENDING_DISCOUNT_EXPIRY_SECONDS', '0', 'must be a whole number from 1 to 3600, not "0"'],
    ['PENDING_DISCOUNT_EXPIRY_SECONDS', '3601', 'must be a whole number from 1 to 3600, not "3601"'],
    ['LOOKUPS_PER_MINUTE', '0', 'must be a whole number from 1 to 1000000, not "0"'],
    [
      'LOG_LEVEL',
      'loud',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
    ],
    ['TIME_ZONE', 'Moscow', 'TIME_ZONE must be a time zone such as Europe/Moscow'],
    ['TIME_ZONE', '+03:00', 'TIME_ZONE must be a time zone such as Europe/Moscow'],
    [
      'OPERATOR_NAME',
      'ООО',
      'OPERATOR_NAME goes with OPERATOR_ADDRESS and PRIVACY_POLICY_URL: set all three',
    ],
    ['ALERTS_CHAT_ID', '-100', 'ALERTS_CHAT_ID needs a bot that speaks there: set TELEGRAM_BOT_TOKEN too'],
    ['ALERTS_CHAT_ID', 'our chat', 'ALERTS_CHAT_ID must be the number of a chat'],
    ['DATABASE_URL', 'mysql://db', 'DATABASE_URL must look like postgres://user:password@host:5432/database'],
  ])('refuses %s=%s and says what was expected', (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(message)
  })

  it('names every fault at once, and never prints the password of a database', () => {
    const read = () => readConfig({ PORT: 'x', LOG_LEVEL: 'y', DATABASE_URL: 'host=db password=hunter2' })
    expect(read).toThrow(/PORT .*\n.*DATABASE_URL .*\n.*LOG_LEVEL /)
    expect(read).not.toThrow(/hunter2/)
  })
})
