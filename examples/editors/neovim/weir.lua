-- River configs in Neovim 0.11 or later: put this in lsp/weir.lua of the configuration, and
-- vim.lsp.enable('weir') in init.lua.
vim.filetype.add({ extension = { river = 'river', alloy = 'river' } })

return {
  cmd = { 'weir', 'lsp' },
  filetypes = { 'river' },
  root_markers = { '.git' },
}
