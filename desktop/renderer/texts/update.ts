import { formatWhole } from '../../../shared/numbers.ts'
import type { UpdateProblem } from '../../../shared/update.ts'

const russianUpdateProblems: Record<UpdateProblem, string> = {
  away: 'Облако не отдало обновление: касса спросит ещё раз сама.',
  not_verified: 'Скачанное обновление не прошло проверку подлинности: касса его не поставит.',
  failed_starts: 'Эта версия три раза не смогла начать работу: касса её больше не ставит.',
  failed_installs: 'Установка не удалась: касса работает на прежней версии.',
}

export const russian = {
  update: {
    short: { ready: 'Обновим ночью', installing: 'Обновляемся…' },
    state: 'Обновление',
    none: 'Установлена последняя версия, которую дало облако.',
    checking: 'Спрашиваем облако…',
    downloading: (version: string, percent: number) =>
      `Скачиваем версию ${version}: ${formatWhole(percent)} %`,
    ready: (version: string) => `Версия ${version} готова, установим ночью.`,
    installing: (version: string) => `Ставим версию ${version}: касса перезапустится сама.`,
    failed: (version: string) => `Версия ${version} не установлена.`,
    notFound: 'Узнать о новой версии не удалось.',
    now: 'Обновить сейчас',
    asked: 'Касса обновится, как только освободится.',
  },

  updateProblems: russianUpdateProblems,
}

const englishUpdateProblems: Record<UpdateProblem, string> = {
  away: 'The cloud did not hand out the update: the register asks again by itself.',
  not_verified: 'What was fetched is not proven to be genuine: the register will not install it.',
  failed_starts: 'This version could not start three times: the register installs it no more.',
  failed_installs: 'The installation failed: the register works with the version before.',
}

export const english: typeof russian = {
  update: {
    short: { ready: 'Updates tonight', installing: 'Updating…' },
    state: 'Update',
    none: 'The newest version that the cloud has for this register is installed.',
    checking: 'Asking the cloud…',
    downloading: (version, percent) => `Fetching version ${version}: ${formatWhole(percent)} %`,
    ready: (version) => `Version ${version} is ready and will be installed tonight.`,
    installing: (version) => `Installing version ${version}: the register restarts by itself.`,
    failed: (version) => `Version ${version} is not installed.`,
    notFound: 'Could not ask for a newer version.',
    now: 'Update now',
    asked: 'The register updates as soon as nobody is at work.',
  },

  updateProblems: englishUpdateProblems,
}
