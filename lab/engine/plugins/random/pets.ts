import { pick } from "./pick.ts";

const adverbs = `barely boldly briefly calmly clearly deeply eagerly easily evenly fairly firmly freely fully gently gladly
greatly highly jointly kindly largely lightly loudly mainly merrily mildly mostly nearly neatly newly nicely openly
partly plainly promptly proudly purely quickly quietly rarely readily rightly safely sharply silently simply slightly
slowly smoothly softly solidly steadily strongly surely swiftly tightly truly vastly warmly wholly widely wildly wisely`;

const adjectives = `able agile amber ample apt bold brave breezy bright brisk calm candid clever cosy crisp daring deft eager
early easy fair fancy fast fine firm fond free fresh gentle glad golden grand great handy happy hardy honest humble keen
kind large lively loyal lucky mellow merry mighty modest neat nimble noble patient plucky polite proud quick quiet rapid
ready robust rosy sharp shiny silver sleek smart solid spry stable steady stout strong sunny swift tidy tough`;

const animals = `adder albatross ant antelope badger bat bear beaver bee beetle bison boar buffalo camel cat cobra condor cow
crab crane cricket crow deer dingo dog dolphin dove duck eagle eel egret elk emu falcon ferret finch fox frog gazelle
gecko gibbon goat goose gopher gull hare hawk heron hornet horse ibex iguana jackal jay koala lark lemur leopard lion
lizard llama lynx macaw magpie marmot marten mole moose moth mouse newt octopus otter owl ox oyster panda parrot pelican
pigeon pony puma quail rabbit ram raven robin salmon seal shark sheep shrew skunk sloth snail sparrow squid stork swan
tapir tern tiger toad trout turtle viper walrus wasp weasel whale wolf wombat wren yak zebra`;

const words = (list: string) => list.split(/\s+/);

/** A name of so many words: adverbs, one adjective, one animal; of one word, the animal. */
export function petName(length: number, separator: string, prefix = ""): string {
  const parts = Array.from({ length }, (_, index) => {
    const left = length - index;
    return pick(words(left === 1 ? animals : left === 2 ? adjectives : adverbs));
  });
  return [...(prefix === "" ? [] : [prefix]), ...parts].join(separator);
}
