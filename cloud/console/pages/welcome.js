// What stands behind # in a link is sent to no server on the way; here it becomes a field of the form.

const field = document.querySelector('input[name=token]')
if (location.hash.length > 1) {
  field.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
}
