// The browser shows a passkey, or makes one; what it says of it goes into the form, which is sent as any other.

const form = document.querySelector('form[data-options]')
const failed = document.querySelector('[data-failed]')
const options = JSON.parse(form.dataset.options)

async function credentialOf() {
  if (form.dataset.makes === undefined)
    return await navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    })
  return await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  })
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  failed.hidden = true
  try {
    const credential = await credentialOf()
    form.elements.answer.value = JSON.stringify(credential.toJSON())
    form.submit()
  } catch {
    failed.hidden = false
  }
})
