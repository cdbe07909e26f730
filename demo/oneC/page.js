// The demo's 1C: posts what is clicked, shows what comes back.

const byId = (id) => document.getElementById(id)
const rubles = (kopecks) =>
  (kopecks / 100).toLocaleString('ru-RU', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

function send(action) {
  return fetch('/', { method: 'POST', body: JSON.stringify(action) })
}

byId('receipt').addEventListener('submit', (event) => {
  event.preventDefault()
  const [whole, part = ''] = byId('amount').value.replaceAll(/\s/g, '').replace(',', '.').split('.')
  const kopecks = Number(whole) * 100 + Number(part.padEnd(2, '0').slice(0, 2))
  send({ action: 'new_receipt', kopecks })
})
byId('take').addEventListener('click', () => send({ action: 'take' }))
byId('end').addEventListener('click', () => send({ action: 'end' }))
byId('itself').addEventListener('change', (event) =>
  send({ action: 'take_by_itself', isOn: event.target.checked }),
)

new EventSource('/events').addEventListener('message', ({ data }) => {
  const { receipt, hasOffer, takesByItself, log } = JSON.parse(data)
  byId('open').textContent = receipt
    ? `Чек ${receipt.number}: ${rubles(receipt.kopecks)} ₽` +
      (receipt.discountPoints
        ? `, скидка ${receipt.discountPoints} ₽, к оплате ${rubles(receipt.kopecks - receipt.discountPoints * 100)} ₽`
        : '')
    : 'Чека нет'
  byId('offer').hidden = !hasOffer
  byId('take').disabled = !hasOffer
  byId('end').disabled = !receipt
  byId('itself').checked = takesByItself
  byId('log').replaceChildren(
    ...log.map((line) => Object.assign(document.createElement('li'), { textContent: line })),
  )
})
