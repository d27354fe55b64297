using Moldau.Protocol.Messages;

namespace Moldau.Compatibility.Differential;

/// <summary>One request of a script, in some versions.</summary>
/// <param name="Case">What it is about; differences are listed by it.</param>
/// <param name="Api">Whom it asks.</param>
/// <param name="Versions">In these, one after the other.</param>
/// <param name="Request">Its content as JSON, with $v for the version and ${...} for what a broker told; null for none that is well-formed.</param>
/// <param name="Saves">Variable and field of the response, for later requests.</param>
/// <param name="Until">What a value of the answer has in it before it counts: until then the broker is asked again. Null for the first answer.</param>
/// <param name="Line">In the script.</param>
/// <param name="Users">As each of them, one after the other; null for whoever a connection speaks for without being asked.</param>
internal sealed record ScriptStep(string Case, ApiDescription Api, IReadOnlyList<short> Versions, string? Request, IReadOnlyList<(string Variable, string Field)> Saves, string? Until, int Line, IReadOnlyList<string?> Users);
