/** A service as ts-proto generates it with `outputServices=generic-definitions`. */
export interface ServiceDefinition {
  /** With its package, such as `muvm.v1.Guest`. */
  readonly fullName: string;
  readonly methods: Readonly<Record<string, { readonly name: string }>>;
}

/** The start of the `:path` of every method of a service. */
export function servicePrefix({ fullName }: Pick<ServiceDefinition, 'fullName'>): string {
  return `/${fullName}/`;
}

/** The `:path` of a method, such as `/muvm.v1.Guest/Exec`. */
export function methodPath<S extends ServiceDefinition>(service: S, method: keyof S['methods'] & string): string {
  return servicePrefix(service) + (service.methods[method] as { readonly name: string }).name;
}
