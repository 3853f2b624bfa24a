import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogue } from "#plugins/azure-native/catalogue.ts";
import { armType, groupOf, idInputs, isWithin, parentOf, resourceId, sameId } from "#plugins/azure-native/core/ids.ts";
import { isRandomlyNamed, madeName, nameInput } from "#plugins/azure-native/core/names.ts";
import { azureSchema } from "#plugins/azure-native/core/schema.ts";
import { azureNativeProvider } from "#plugins/azure-native/provider.ts";
import { asked } from "#tests/provider/calls.ts";
import { isDeclared } from "./subscription.ts";

const digest = "0123456789abcdef".repeat(4);
const typeOf = (token: string) => {
  const found = catalogue.find((type) => type.token === `azure-native:${token}`);
  if (!found) throw new Error(token);
  return found;
};

test.each(catalogue.map((type) => ({ ...type, type })))(
  "$token: what its id is made of are required or made up",
  ({ type }) => {
    const schema = azureSchema.resources[type.token];
    const named = nameInput(type);
    for (const input of idInputs(type.idTemplate)) {
      expect(Object.keys(schema?.inputs ?? {})).toContain(input);
      expect(schema?.requiredInputs.includes(input) ?? false).toBe(input !== named);
    }
    for (const input of type.takes ?? []) expect(Object.keys(schema?.inputs ?? {})).toContain(input);
  },
);

test.each(catalogue.map((type) => ({ ...type, type })))(
  "$token: paths of its rules are those of the declarations",
  ({ type }) => {
    const paths = [
      ...Object.keys(type.refuses ?? {}),
      ...Object.keys(type.fixed ?? {}),
      ...(type.replaces ?? []),
      ...(type.secrets ?? []),
    ];
    expect(paths.filter((path) => !isDeclared(type.token, path))).toEqual([]);
  },
);

describe("a name that the program leaves out", () => {
  test.each([
    ["resources:ResourceGroup", "web01234567"],
    ["compute:VirtualMachine", "web01234567"],
    ["consumption:Budget", "web01234567"],
    ["network:Subnet", "web"],
    ["storage:BlobContainer", "web"],
    ["authorization:RoleAssignment", "01234567-89ab-cdef-0123-456789abcdef"],
  ])("%s: %s", (token, name) => {
    expect(madeName(typeOf(token), "web", digest)).toBe(name);
  });

  test("keeps to the rules of its type", () => {
    const logical = fc.stringMatching(/^[a-z][a-z0-9]{2,14}$/);
    fc.assert(
      fc.property(fc.constantFrom(...catalogue), logical, fc.stringMatching(/^[0-9a-f]{64}$/), (type, name, digits) => {
        expect(madeName(type, name, digits)).toMatch(type.name.pattern);
      }),
    );
  });

  test("is the same in preview and deployment, and a second resource of a fixed name waits for the first to go", () => {
    const provider = azureNativeProvider({ openFabric: () => Promise.reject(new Error("not asked for")) });
    const group = asked(provider, "azure-native:resources:ResourceGroup");
    const request = { location: "westeurope" };
    const named = group.checkedInputs(request).resourceGroupName;
    expect(named).toMatch(/^it[0-9a-f]{8}$/);
    expect(group.checkedInputs(request).resourceGroupName).toBe(named);
    const made = { ...request, resourceGroupName: named, __defaults: ["resourceGroupName"] };
    const elsewhere = { ...made, location: "northeurope" };
    expect(group.diff(made, elsewhere)).toMatchObject({ replaces: ["location"], deleteBeforeReplace: false });
    expect(group.diff({ ...made, __defaults: [] }, { ...elsewhere, __defaults: [] })).toMatchObject({
      deleteBeforeReplace: true,
    });
    expect(isRandomlyNamed(typeOf("network:Subnet"))).toBe(false);
  });
});

describe("ids", () => {
  const part = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

  test("say of what type, in which group and of what they are a part, whatever their case", () => {
    fc.assert(
      fc.property(part, part, part, fc.boolean(), (group, network, name, loud) => {
        const inputs = { resourceGroupName: group, virtualNetworkName: network, subnetName: name };
        const made = resourceId(typeOf("network:Subnet").idTemplate, inputs, "s") ?? "";
        const id = loud ? made.toUpperCase() : made;
        expect(sameId(id, made)).toBe(true);
        expect(sameId(armType(id), "Microsoft.Network/virtualNetworks/subnets")).toBe(true);
        expect(sameId(groupOf(id) ?? "", `/subscriptions/s/resourceGroups/${group}`)).toBe(true);
        const parent = parentOf(id) ?? "";
        expect(sameId(armType(parent), "Microsoft.Network/virtualNetworks")).toBe(true);
        expect(parentOf(parent)).toBeUndefined();
        expect([isWithin(id, parent), isWithin(id, groupOf(made) ?? ""), isWithin(parent, id)]).toEqual([
          true,
          true,
          false,
        ]);
        expect(isWithin(`${parent}x/subnets/${name}`, parent)).toBe(false);
      }),
    );
  });

  test("are not made while a part is missing", () => {
    expect(resourceId(typeOf("network:Subnet").idTemplate, { resourceGroupName: "g" }, "s")).toBeUndefined();
  });

  test("begin with their scope", () => {
    const lock = typeOf("authorization:ManagementLockByScope").idTemplate;
    const inputs = { scope: "/subscriptions/s/resourceGroups/g", lockName: "keep" };
    expect(resourceId(lock, inputs, "s")).toBe(
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/locks/keep",
    );
  });
});
