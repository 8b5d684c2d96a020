import type { RequestView } from "@lientuyen/record";
import type { Talk } from "../caseView/talk.ts";

/** What was asked of one facility, what it answered, and what was decided on each recommendation. */
export function Advice({ request, talk }: { readonly request: RequestView; readonly talk: Talk }) {
  const { print: t, caseView, vocabulary, decisions } = talk.words;
  return (
    <section>
      <h2>
        {t.adviser}: {talk.facility(request.to)}, {talk.specialty(request.specialty)} (
        {vocabulary.urgency[request.urgency]})
      </h2>
      {request.questions.length === 0 ? null : (
        <ol className="sheet-questions">
          {request.questions.map(({ question, opinions }) => (
            <li key={question.hash}>
              <p>
                <strong>{question.body.text}</strong>
              </p>
              {opinions.length === 0 ? <p>{caseView.noAnswerYet}</p> : null}
              {opinions.map((opinion) => (
                <p key={opinion.hash} className="keep-lines">
                  {t.answer(
                    opinion.body.text,
                    vocabulary.confidence[opinion.body.confidence],
                    talk.by(opinion),
                  )}
                </p>
              ))}
            </li>
          ))}
        </ol>
      )}
      {request.recommendations.length === 0 ? null : (
        <table className="table sheet-table">
          <thead>
            <tr>
              <th scope="col">{t.recommendationHead}</th>
              <th scope="col">{t.decisionHead}</th>
            </tr>
          </thead>
          <tbody>
            {request.recommendations.map((recommendation) => (
              <tr key={recommendation.hash}>
                <td className="keep-lines">
                  {recommendation.fact.body.text} ({talk.by(recommendation.fact)})
                </td>
                <td className="keep-lines">
                  {recommendation.decisions.length === 0 ? decisions.undecided : null}
                  {recommendation.decisions.map((d) => (
                    <p key={d.hash}>
                      <strong>{vocabulary.decision[d.body.decision]}</strong>
                      {d.body.text === undefined ? "" : `. ${decisions.instead(d.body.text)}`}
                      {d.body.reason === undefined ? "" : `. ${decisions.because(d.body.reason)}`} (
                      {talk.by(d)})
                    </p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
