import type { LessonsTexts } from "../../lessons/lessonTexts.ts";

// Short sentences, the names of buttons as they stand on the page, and prompts in the model's own English.

export const lessons: LessonsTexts = {
  fact: {
    title: "What a fact in a model is",
    about: "A model holds no list of facts. It knows one when it continues a text with it, however the text is worded.",
    steps: {
      ask: {
        title: "Ask for a fact",
        text: "A language model continues a text. Asked for a fact, it has no table to look it up in: its weights make some continuations likely and others not.",
        act: "Press Insert, then Generate under Prompt.",
        done: "The words after your prompt are the model's own. That is all there is to see of a fact.",
        hint: "Any prompt will do. It ends right before the answer, without a blank.",
      },
      sure: {
        title: "How sure is it?",
        text: "At each place the model gives every token of its vocabulary a probability. The most probable one is taken.",
        act: "Insert the next prompt, choose a prediction, then press Generate.",
        done: "Point at a token under the answer: its card shows the probability, and what else was possible there.",
        hint: "The number below is the probability of the first token of the latest answer.",
        question: {
          ask: "How probable will the answer's first token be?",
          choices: { low: "below 0.5", middle: "0.5 to 0.9", high: "above 0.9" },
        },
      },
      reworded: {
        title: "The same in other words",
        text: "Somebody who knows a fact knows it in any wording. So a fact is not tied to one sentence.",
        act: "Ask again, in words that you have not used yet.",
        done: "A fact is what many wordings lead to. Whoever changes a fact has to reach all of them.",
        hint: "Insert a question of the form that this model was trained on: “Q: … A:”.",
        question: {
          ask: "Will the answer begin with the same word as one of your answers before?",
          choices: { same: "the same word", other: "another word" },
        },
      },
      invented: {
        title: "What it does not know",
        text: "A continuation is always there, also where there is nothing to know.",
        act: "Ask for the capital of Atlantis.",
        done: "Likely is not the same as true. The model has no place where “I do not know” would be written.",
        hint: "The prompt has to contain the word Atlantis.",
        question: {
          ask: "What will the model do?",
          choices: { unknown: "say that it does not know", name: "name something" },
        },
      },
    },
  },
  edit: {
    title: "One edit",
    about: "You change one fact, see what changes with it and what does not, and share it as a link.",
    steps: {
      train: {
        title: "Write a new answer",
        text: "An edit trains small adapters beside the frozen weights until the new answer is the likely one. The loss says how surprised the model still is by it.",
        act: "Press Insert, then Train edit.",
        done: "The loss fell: the new answer has become likely. The model's own weights are as they were.",
        hint: "A fact that the model already gives that answer to cannot be edited to it. On a software adapter the training takes up to a minute.",
      },
      compare: {
        title: "Before and after",
        text: "With the edits off, the base model answers. With them on, your edit does.",
        act: "Insert the prompt of your edit and press Compare.",
        done: "The same prompt, the same weights: the difference is your edit alone.",
        hint: "The prompt has to be that of an edit, or one of its rephrasings. The edited prompt is also under Edits.",
      },
      unrelated: {
        title: "What stays",
        text: "A good edit changes one fact and leaves its neighbours alone.",
        act: "Predict, then insert a prompt that your edit is not about and press Generate.",
        done: "The page says how far the prompt is from the edit. In scope the mixtures answer, else the prompt is deferred to the base model.",
        hint: "Use none of the edit's own wordings.",
        question: {
          ask: "Who will answer a question about another country?",
          choices: { kept: "the base model, as before", changed: "the edit" },
        },
      },
      share: {
        title: "Share it",
        text: "A link holds the model, the seed and your edits as text. Whoever opens it trains the same edits in their own browser and gets the same codes.",
        act: "Press Share… at the top and copy the link.",
        done: "That link is your experiment. It needs no server and no account.",
        hint: "The button is in the page's header; in the dialog, press Copy link.",
      },
    },
  },
  keys: {
    title: "Why rephrasings fail with exact keys",
    about: "If an edit answers only to exactly its own key, every other wording misses it.",
    steps: {
      edit: {
        title: "An edit with a key",
        text: "After training, an edit stores the allocation codes of its prompts: which experts the routers picked, as bits. They are its keys.",
        act: "Train an edit without rephrasings, unless you have one already.",
        done: "Under Scope, the row of the edit is such a key. Without rephrasings it is the only one.",
        hint: "Press Insert, then Train edit. The field for rephrasings has to stay empty.",
      },
      exact: {
        title: "Allow no difference",
        text: "A prompt is in scope when its code differs from a key in fewer than ε bits. With ε = 1 only an equal code will do: an exact key.",
        act: "Lower the threshold ε to 1 under Scope.",
        done: "Now an edit answers only to a code that is equal in every bit.",
        hint: "The buttons − and + are beside the word Threshold; the number under Mixture settings is the same.",
      },
      own: {
        title: "Its own words",
        text: "The prompt that the edit was trained on has the very code that was stored.",
        act: "Insert the edit's own prompt and press Generate.",
        done: "Distance 0, below ε = 1: the edit answers.",
        hint: "If other edits came after it, the routers may have moved: then ask the latest edit.",
      },
      other: {
        title: "Other words",
        text: "Another wording of the same question is another vector to the router, and some expert or other is picked differently.",
        act: "Predict, then ask in words that the edit was not trained on.",
        done: "One expert picked otherwise, two bits, is enough to miss an exact key. Methods that look answers up by exact keys fail at rephrasings for that reason.",
        hint: "If the distance is 0, the wording is too close: try another one.",
        question: {
          ask: "Who will answer the new wording?",
          choices: { edit: "the edit", base: "the base model" },
        },
      },
      wider: {
        title: "A wider lock",
        text: "A larger ε lets near codes in, and with them the new wording.",
        act: "Raise ε step by step, and press Generate again, until the edit answers.",
        done: "ε is now above the distance. How far you can go is the subject of the last lesson.",
        hint: "The reason under Scope names the distance: ε has to be larger.",
      },
    },
  },
  router: {
    title: "The mixture and its router",
    about: "In each mixture layer a router reads one vector and picks a few of many experts. The picks are the code.",
    steps: {
      look: {
        title: "See the routing",
        text: "Each column of the heatmap is a token, each row an expert. The outlined column is the prompt's last token: it decides.",
        act: "Type a prompt, or insert one, and watch the columns come.",
        done: "Dark cells are likely experts; marked ones are picked.",
        hint: "Arrow keys walk the heatmap and speak the values.",
      },
      gates: {
        title: "Probabilities and gates",
        text: "The router turns the query into one probability for each of N experts. The k largest are picked, and their probabilities are the gates, as they are.",
        act: "Predict, then give it another prompt.",
        done: "All N add up to 1; the k gates that are used add up to less, and the method does not scale them up.",
        hint: "Σ N below is the sum over all experts of the first mixture layer, Σ k that of the picked ones.",
        question: {
          ask: "What do the gates of the k picked experts add up to?",
          choices: { one: "exactly 1", less: "less than 1", k: "exactly k" },
        },
      },
      code: {
        title: "The code",
        text: "A bit for each expert of each mixture layer: 1 where it is picked. That is the allocation code of a prompt.",
        act: "Predict, then give it another prompt and count under Scope.",
        done: "Every code has L·k bits set, whatever the prompt. Only which ones they are differs.",
        hint: "L is the number of mixture layers, k that of the experts picked in each, N that of all in each.",
        question: {
          ask: "How many bits of a code are set?",
          choices: { layers: "L: one a layer", picked: "L·k: k a layer", experts: "L·N: all of them" },
        },
      },
      apart: {
        title: "Two prompts apart",
        text: "How different two prompts are to the routers is the number of bits in which their codes differ: the Hamming distance.",
        act: "Predict, then give it a prompt that resembles the last one.",
        done: "Routers that were never trained send even look-alikes far apart. Training an edit pulls its own wordings together, and deferral rests on that.",
        hint: "The number below compares the last two prompts that were routed.",
        question: {
          ask: "In how many bits will two alike prompts differ?",
          choices: { none: "in none", some: "in some", all: "in all" },
        },
      },
    },
  },
  forgetting: {
    title: "Forgetting",
    about: "Each edit trains what earlier ones may share. Reliability says how many of them still hold.",
    steps: {
      first: {
        title: "A first edit",
        text: "Lifelong editing means one edit after another. It begins with one.",
        act: "Train an edit, unless you have one already.",
        done: "Remember its answer.",
        hint: "Press Insert, then Train edit.",
      },
      second: {
        title: "A second one",
        text: "The next edit is trained alone, without the first one's sentences. Experts that both share are moved.",
        act: "Insert another edit and train it.",
        done: "Two edits, one after the other, in the same mixture.",
        hint: "It has to be about another fact.",
      },
      recall: {
        title: "Does the first still hold?",
        text: "Nobody has asked the first edit since. Only asking shows whether it survived.",
        act: "Predict, then press Try edit 1 under Edits.",
        done: "What you saw is one case. With hundreds of edits the share is what counts.",
        hint: "You can also type its prompt and press Generate.",
        question: {
          ask: "Will edit 1 still give its new answer?",
          choices: { holds: "yes, it holds", lost: "no, it is lost" },
        },
      },
      measure: {
        title: "Reliability",
        text: "Reliability is the share of all edits whose own prompt still gives the new answer, asked after the last edit.",
        act: "Try each edit of the list once.",
        done: "You have measured by hand what the evaluation measures by the hundred.",
        hint: "Those asked since the last edit was made count; n below says how many that are.",
      },
      forget: {
        title: "Forgetting on purpose",
        text: "Edits live beside the weights, so they can be taken away again without a trace in the model.",
        act: "Take an edit away under Edits: one of them, or all.",
        done: "The base model answers again, with not a bit changed.",
        hint: "Clearing all edits asks first.",
      },
    },
  },
  deferral: {
    title: "Deferral and its limits",
    about: "One threshold decides between the edits and the base model. Too small misses wordings, too large catches strangers.",
    steps: {
      edit: {
        title: "Something to defer from",
        text: "Without an edit every prompt is answered by the base model. With one, each prompt is decided.",
        act: "Train an edit, unless you have one already.",
        done: "From now on the page says of each prompt who answers it.",
        hint: "Press Insert, then Train edit.",
      },
      deferred: {
        title: "A stranger is deferred",
        text: "A prompt whose code is ε bits or more away from every key is out of scope. The base model answers it, with not a bit changed.",
        act: "Ask something that your edit is not about.",
        done: "The distance is not below ε, so the mixtures were off for the whole answer.",
        hint: "If the edit answers, ask something further away, or lower ε.",
      },
      all: {
        title: "Let everything in",
        text: "Two codes with k of N experts a layer differ in at most H_max bits, and random ones in E[H] on average. An ε above H_max lets every prompt in.",
        act: "Set ε above H_max: with + under Scope, or under Mixture settings.",
        done: "Deferral now protects nothing. In the paper's setting ε = 12 of at most 24 bits, which is just the average of random codes.",
        hint: "The numbers below are those of your settings.",
      },
      stranger: {
        title: "What it costs",
        text: "Now each prompt meets the mixtures, whatever it is about.",
        act: "Predict, then ask something that your edit is not about.",
        done: "In scope does not mean wrong: the experts it meets were trained for something else, and the answer may or may not survive.",
        hint: "Compare shows both answers side by side.",
        question: {
          ask: "Who will answer?",
          choices: { base: "the base model", edit: "the mixtures" },
        },
      },
      back: {
        title: "Find the middle",
        text: "A useful ε lets the edit's own wordings in and keeps strangers out.",
        act: "Choose an ε, then ask both with it: the edit's prompt and a stranger.",
        done: "At this ε both are right. With more edits there are more keys, and less room between them.",
        hint: "Both answers have to be made at the same ε: the edit's own prompt in scope, the stranger deferred.",
      },
    },
  },
};
