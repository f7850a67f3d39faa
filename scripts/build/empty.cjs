module.exports = class FormData {};
