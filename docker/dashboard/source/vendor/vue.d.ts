// What the dashboard uses of Vue, for the type checker; ../../build puts the real vue.js beside it.
export type Child = VNode | string | number | null | undefined | false | Child[];
export interface VNode {
  readonly __v: true;
}
export interface Ref<T> {
  value: T;
}
export interface Component {
  readonly __c?: true;
}
export interface App {
  mount(where: string): void;
  provide(key: string, value: unknown): App;
  config: {errorHandler?: (error: unknown) => void};
}
export interface Context {
  slots: Record<string, (() => Child) | undefined>;
  emit(name: string, ...args: unknown[]): void;
  attrs: Record<string, unknown>;
}
export function h(what: string | Component, children?: Child): VNode;
export function h(what: string | Component | object, props: object | null, children?: Child): VNode;
export function ref<T>(value: T): Ref<T>;
export function shallowRef<T>(value: T): Ref<T>;
export function shallowReactive<T extends object>(value: T): T;
export function computed<T>(get: () => T): {readonly value: T};
export function watch<T>(
  what: () => T,
  then: (now: T, before: T) => void,
  options?: {immediate?: boolean; flush?: 'post'},
): () => void;
export function onMounted(then: () => void): void;
export function onBeforeUnmount(then: () => void): void;
export function nextTick(): Promise<void>;
export function inject<T>(key: string): T;
export function createApp(root: Component | object, props?: object): App;
export const Fragment: Component;
