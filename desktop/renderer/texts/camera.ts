export const russian = {
  camera: {
    starting: 'Включаем камеру…',
    off: 'Камера выключена в настройках',
    denied: 'Windows не даёт доступ к камере: проверьте разрешения.',
    missing: 'Камера не найдена. Введите номер или возьмите сканер.',
    unplugged: 'Камеру отключили: проверьте провод.',
    busy: 'Камера занята другой программой: закройте её.',
    failed: 'Камера не работает. Введите номер или возьмите сканер.',
    preview: 'Изображение с камеры',
    nextCustomer: 'Следующий может показать карту',
    showCode: 'Покажите код из Telegram',
  },
}

export const english: typeof russian = {
  camera: {
    starting: 'Starting the camera…',
    off: 'The camera is off in the settings',
    denied: 'Windows does not allow the camera: check the permissions.',
    missing: 'No camera was found. Type the number or use a scanner.',
    unplugged: 'The camera was unplugged: check the cable.',
    busy: 'Another program uses the camera: close it.',
    failed: 'The camera does not work. Type the number or use a scanner.',
    preview: 'Picture of the camera',
    nextCustomer: 'The next customer may show a card',
    showCode: 'Show the code from Telegram',
  },
}
