/**
 * Adapts the reference for the site: modules are named after the subpaths of the package, each symbol lists the errors
 * that it throws with their classes, and entries without a description get one or are left out.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      if (reflection.kindOf(ReflectionKind.Module)) reflection.name = subpathOf(reflection.name);
      if (reflection.comment !== undefined) listErrors(reflection.comment);
      else if (isImplicitConstructor(reflection)) project.removeReflection(reflection);
      else if (isGroup(reflection))
        reflection.comment = new Comment([{ kind: 'text', text: '`false` leaves out the group.' }]);
    }
  });
}

/** Classes without a constructor of their own have one in TypeScript's eyes, without a comment. */
function isImplicitConstructor(reflection) {
  return (
    reflection.kindOf(ReflectionKind.Constructor) &&
    reflection.signatures?.every(({ comment }) => comment === undefined)
  );
}

/** A group of default metrics, in the `groups` of an options object. */
function isGroup(reflection) {
  return reflection.kindOf(ReflectionKind.Property) && reflection.parent?.parent?.name === 'groups';
}

function subpathOf(name) {
  return name === 'index' ? 'zeroprom' : `zeroprom/${name}`;
}

/** Merges the `@throws` tags into one, with an item each. */
function listErrors(comment) {
  const [first, ...others] = comment.blockTags.filter(({ tag }) => tag === '@throws');
  if (first === undefined) return;
  const items = [first, ...others].map(itemOf);
  const merged = new CommentTag('@throws', items.flat());
  const rest = comment.blockTags.filter((tag) => !others.includes(tag));
  comment.blockTags = rest.map((tag) => (tag === first ? merged : tag));
}

function itemOf({ typeAnnotation, content }) {
  const type = typeAnnotation?.replace(/^\{|\}$/g, '');
  const start = { kind: 'text', text: '\n- ' };
  const parts = Comment.cloneDisplayParts(content);
  return type === undefined
    ? [start, ...parts]
    : [start, { kind: 'code', text: `\`${type}\`` }, { kind: 'text', text: ' ' }, ...parts];
}
