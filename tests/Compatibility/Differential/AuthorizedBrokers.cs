using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>Those tests that share the two brokers that ask by rules.</summary>
[CollectionDefinition(nameof(AuthorizedPair))]
public sealed class AuthorizedBrokers : ICollectionFixture<AuthorizedPair>;
