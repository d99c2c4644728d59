// Writes a document of Stripe's shape to standard output: 468 operations, 819 schemas, 92 of them in circles.
//
// usage: node benches/large_document.mjs > large.json

const OPERATIONS = 468;
const SCHEMAS = 819;
const IN_CIRCLES = 92;
const PROPERTIES = 24;

const name = (index) => `resource_${index % SCHEMAS}`;
const to = (index) => ({ $ref: `#/components/schemas/${name(index)}` });
const text = (words) => `${"Describes what the value is for, when it is set and who may change it. ".repeat(words)}`;

function property(schema, index) {
  const kinds = [
    () => ({ type: "string", maxLength: 5000, description: text(2) }),
    () => ({ type: "integer", description: text(1) }),
    () => ({ type: "boolean", description: text(1) }),
    () => ({ type: "string", enum: ["active", "past_due", "canceled", "unpaid"], description: text(2) }),
    () => ({ type: "integer", format: "unix-time", description: text(1) }),
    () => ({ type: "object", additionalProperties: { type: "string", maxLength: 500 }, description: text(2) }),
    () => ({ anyOf: [{ type: "string", maxLength: 5000 }, to(schema + index + 1)], nullable: true, description: text(2) }),
    () => ({ type: "array", items: to(schema + 7 * index + 1), description: text(1) }),
  ];
  return kinds[(schema + index) % kinds.length]();
}

function schema(index) {
  const properties = { id: { type: "string", maxLength: 5000 }, object: { type: "string", enum: [name(index)] } };
  for (let at = 0; at < PROPERTIES; at += 1) {
    const made = property(index, at);
    const leads = JSON.stringify(made).includes("$ref");
    // References lead forward only, but for the circles, so that exactly those are in circles.
    if (!leads || index + 8 * PROPERTIES < SCHEMAS) properties[`field_${at}`] = made;
  }
  if (index < IN_CIRCLES) properties.related = { anyOf: [to((index + 1) % IN_CIRCLES)], nullable: true };
  return { type: "object", title: name(index), description: text(3), required: ["id", "object"], properties };
}

function operation(index) {
  const form = Object.fromEntries(Array.from({ length: 18 }, (_, at) => [`field_${at}`, property(index, (at % 6) + 8)]));
  const content = (shape) => ({ "application/json": { schema: shape } });
  return {
    operationId: `operation_${index}`,
    summary: `Operation ${index}`,
    description: text(4),
    parameters: Array.from({ length: 6 }, (_, at) => ({
      name: `filter_${at}`, in: "query", style: "deepObject", explode: true, description: text(1),
      schema: at % 2 ? { type: "string", maxLength: 5000 } : { anyOf: [{ type: "integer" }, { type: "object", properties: { gt: { type: "integer" }, lt: { type: "integer" } } }] },
    })),
    requestBody: { content: { "application/x-www-form-urlencoded": { schema: { type: "object", properties: form } } } },
    responses: {
      200: { description: "Successful response.", content: content(to(index * 3 + 1)) },
      default: { description: "Error response.", content: content(to(SCHEMAS - 1)) },
    },
  };
}

const document = {
  openapi: "3.0.0",
  info: { title: "A large API", version: "2026-09-01", description: text(6) },
  servers: [{ url: "https://api.example.com/" }],
  paths: Object.fromEntries(Array.from({ length: OPERATIONS }, (_, index) => [`/v1/resources_${index}`, { [index % 2 ? "post" : "put"]: operation(index) }])),
  components: { schemas: Object.fromEntries(Array.from({ length: SCHEMAS }, (_, index) => [name(index), schema(index)])) },
};
process.stdout.write(JSON.stringify(document));
