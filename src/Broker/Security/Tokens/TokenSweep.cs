using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Security.Tokens;

/// <summary>Removes tokens that are over, now and then; they count no more before that already.</summary>
internal sealed class TokenSweep(IMetadataStore store, DelegationTokens tokens, LiveSettings settings, TimeProvider clock)
{
    private readonly AlterRecord _alter = new(store);
    private long _since = clock.GetTimestamp();

    public async Task TickAsync()
    {
        if (clock.GetElapsedTime(_since).TotalMilliseconds < settings.Current.Tokens.CheckIntervalMilliseconds) return;
        _since = clock.GetTimestamp();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var token in tokens.All)
        {
            if (!token.IsOver(now)) continue;
            try
            {
                await _alter.RunAsync<DelegationTokenRecord>(MetadataKeys.DelegationToken(token.Id), known => known is null || new DelegationToken(token.Id, known).IsOver(now) ? null : known).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is OutcomeUnknownException or FactRefusedException)
            {
                // The next sweep finds it again.
                return;
            }
        }
    }
}
