import type { Operator } from '../../shared/consent.ts'

/** The operator of the data in tests. */
export const testOperator: Operator = {
  name: 'ООО «Ромашка»',
  address: 'Москва, Тверская, 1',
  policyUrl: 'https://romashka.example/policy',
}

/** The same as the environment of a cloud says it. */
export const operatorEnvironment = {
  OPERATOR_NAME: testOperator.name,
  OPERATOR_ADDRESS: testOperator.address,
  PRIVACY_POLICY_URL: testOperator.policyUrl,
}
