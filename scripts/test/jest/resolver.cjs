// @ts-check
'use strict';
/**
 * Jest's resolver, which also finds packages whose `exports` have no entry for require(): the transformer compiles them.
 *
 * @param {string} request
 * @param {import('jest-resolve').ResolverOptions} options
 */
module.exports = (request, options) => {
  try {
    return options.defaultResolver(request, options);
  } catch (error) {
    const conditions = [...(options.conditions ?? []).filter((name) => name !== 'require'), 'import'];
    try {
      return options.defaultResolver(request, { ...options, conditions });
    } catch {
      throw error;
    }
  }
};
