import { describe, expect, it } from 'vitest'
import { addressOf, isSafeAddress } from './cloudAddress.ts'

describe('an address of the cloud', () => {
  it.each([
    'https://points.example',
    'https://10.0.0.5:8443/kopilka',
    'http://127.0.0.1:8080',
    'http://127.8.9.10',
    'http://localhost:8080',
    'http://LOCALHOST',
    'http://[::1]:8080',
    // As every browser reads it.
    'http://2130706433',
  ])('is safe: %s', (address) => expect(isSafeAddress(address)).toBe(true))

  it.each([
    'http://points.example',
    'http://10.0.0.5:8080',
    'http://localhost.points.example',
    'http://127.0.0.1.points.example',
    'http://127.0.0.1@points.example',
    'http://[::ffff:10.0.0.5]',
    'ftp://127.0.0.1.example',
    'points.example',
    '',
  ])('is not safe: %s', (address) => expect(isSafeAddress(address)).toBe(false))
})

it.each([
  ['loyalty.example.com', 'https://loyalty.example.com'],
  [' loyalty.example.com/ ', 'https://loyalty.example.com'],
  ['loyalty.example.com:8443', 'https://loyalty.example.com:8443'],
  ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['localhost:8080', 'http://localhost:8080'],
  ['http://10.0.0.5:8080', 'http://10.0.0.5:8080'],
  ['HTTPS://loyalty.example.com', 'HTTPS://loyalty.example.com'],
  ['', null],
  ['ftp://loyalty.example.com', null],
  ['наш облачный адрес', null],
  ['https://', null],
])('the address "%s" means %s', (said, address) => {
  expect(addressOf(said)).toBe(address)
})
