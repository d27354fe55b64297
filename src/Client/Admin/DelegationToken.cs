using System.Text;

namespace Moldau.Client.Admin;

/// <summary>A delegation token (KIP-48): who holds its id and secret speaks for its owner, by SCRAM.</summary>
/// <param name="Id">The user name of a login with it.</param>
/// <param name="Owner">Whom it speaks for, such as <c>User:alice</c>.</param>
/// <param name="Requester">Who asked for it; the owner where the broker does not tell.</param>
/// <param name="Issued">When it was made.</param>
/// <param name="Expires">When it ends, unless it is renewed.</param>
/// <param name="Ends">When it ends at the latest.</param>
/// <param name="Renewers">Who may renew it beside its owner.</param>
public sealed record DelegationToken(string Id, string Owner, string Requester, DateTimeOffset Issued, DateTimeOffset Expires, DateTimeOffset Ends, IReadOnlyList<string> Renewers)
{
    /// <summary>The secret, in base64 the password of a login. Not shown by <see cref="ToString"/>.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    public string Password => Convert.ToBase64String(Secret.Span);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(null, $"Id = {Id}, Owner = {Owner}, Requester = {Requester}, Issued = {Issued:O}, Expires = {Expires:O}, Ends = {Ends:O}");
        return true;
    }
}
