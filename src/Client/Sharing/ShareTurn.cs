namespace Moldau.Client.Sharing;

/// <summary>What is to be done at a broker now.</summary>
/// <param name="Work">What.</param>
/// <param name="Room">For how many records it is asked.</param>
/// <param name="Wait">How long until it is to be looked at again though nothing happens; null for ever.</param>
internal readonly record struct ShareTurn(ShareWork Work, int Room, TimeSpan? Wait);
